import type { UploadLink } from '@maque/contract';
import type { Database, Identity } from '../../ports/index.ts';
import type { FileReaders } from './file-readers.ts';
import { uploadAddress } from './upload-address.ts';
import type { UploadLinks } from './upload-link.ts';
import { findUploads, type UploadRow } from './upload-store.ts';
import { mayManage } from './uploader.ts';

export interface LinkServiceOptions {
  readonly database: Database;
  readonly readers: FileReaders;
  readonly links: UploadLinks;
}

/** Gives links to private files to those who may have them: their owner, staff, and whoever may read a record that has one. */
export class LinkService {
  readonly #options: LinkServiceOptions;

  constructor(options: LinkServiceOptions) {
    this.#options = options;
  }

  /** In the order of the ids; without those that there are not, or that are not this caller's to see. */
  async linksTo(identity: Identity, ids: readonly string[]): Promise<UploadLink[]> {
    const { database } = this.#options;
    const rows = new Map((await findUploads(database, ids)).map((row) => [row.id, row]));
    const given: UploadLink[] = [];
    for (const id of ids) {
      const row = rows.get(id);
      if (row !== undefined && (await this.#maySee(identity, row))) given.push(this.#linkTo(row));
    }
    return given;
  }

  async #maySee(identity: Identity, row: UploadRow): Promise<boolean> {
    return !row.isPrivate || mayManage(identity, row) || this.#options.readers.mayRead(identity, row.id);
  }

  #linkTo({ id, isPrivate }: UploadRow): UploadLink {
    if (!isPrivate) return { id, url: uploadAddress(id), expiresAt: null };
    const { url, expiresAtMs } = this.#options.links.sign(id);
    return { id, url, expiresAt: new Date(expiresAtMs).toISOString() };
  }
}
