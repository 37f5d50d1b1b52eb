import { errors } from '@maque/contract';
import { type Clock, MINUTE, type Milliseconds, RecentMap } from '@maque/kit';
import type {
  FileFacts,
  FileStore,
  OptionalWork,
  PictureShrinker,
  ThumbnailType,
} from '../../ports/index.ts';
import { dispositionOf, etagOf, type ServedFile } from './served-file.ts';
import { type ThumbnailPixels, thumbnailKey, uploadKey } from './upload-address.ts';
import type { UploadRow } from './upload-store.ts';

/** Pictures that cannot be made smaller are not tried again for so long; by then the reason may be gone, if it was ours. */
const REFUSED_FOR: Milliseconds = 10 * MINUTE;
/** Some 100 bytes each. */
const MAX_REFUSED = 1_000;
const BUSY_RETRY_SECONDS = 5;

export interface ThumbnailsOptions {
  readonly files: FileStore;
  readonly pictures: PictureShrinker;
  readonly optional: OptionalWork;
  readonly clock: Clock;
}

/** Whether there may be thumbnails of a file. */
export function isPicture({ type }: Pick<UploadRow, 'type'>): boolean {
  return type.startsWith('image/');
}

/** What a thumbnail is called beside its upload. */
export function thumbnailName({ id }: Pick<UploadRow, 'id'>, pixels: ThumbnailPixels): string {
  return `${id}-${pixels}`;
}

/** Smaller pictures of uploads, made when somebody asks and kept in the store of files as long as the upload is. */
export class Thumbnails {
  readonly #options: ThumbnailsOptions;
  readonly #making = new Map<string, Promise<FileFacts>>();
  readonly #refusedUntilMs = new RecentMap<string, number>(MAX_REFUSED);

  constructor(options: ThumbnailsOptions) {
    this.#options = options;
  }

  /**
   * @throws CodedError THUMBNAIL_UNSUPPORTED for what is no picture or is damaged, OVERLOADED when it is not there yet and
   * this is no time to make it, NOT_FOUND when the file is gone.
   */
  async of(upload: UploadRow, pixels: ThumbnailPixels): Promise<ServedFile> {
    if (!isPicture(upload)) throw errors.THUMBNAIL_UNSUPPORTED();
    const key = thumbnailKey(upload.id, pixels);
    const type: ThumbnailType = upload.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp';
    const { bytes } = (await this.#options.files.stat(key)) ?? (await this.#made(upload, pixels, key, type));
    const name = thumbnailName(upload, pixels);
    return { key, etag: etagOf(name), type, bytes, disposition: dispositionOf(name, type) };
  }

  /** Once for all who ask meanwhile. */
  async #made(
    upload: UploadRow,
    pixels: ThumbnailPixels,
    key: string,
    type: ThumbnailType,
  ): Promise<FileFacts> {
    const { optional, clock } = this.#options;
    if ((this.#refusedUntilMs.get(key) ?? 0) > clock.now()) throw errors.THUMBNAIL_UNSUPPORTED();
    const known = this.#making.get(key);
    if (known !== undefined) return known;
    if (!optional.allowed('thumbnail')) throw errors.OVERLOADED({ retryAfterSeconds: BUSY_RETRY_SECONDS });
    const making = this.#make(upload, pixels, key, type).finally(() => this.#making.delete(key));
    // As many as may wait for the shrinker.
    this.#making.set(key, making);
    return making;
  }

  async #make(
    upload: UploadRow,
    pixels: ThumbnailPixels,
    key: string,
    type: ThumbnailType,
  ): Promise<FileFacts> {
    const { files, pictures, clock } = this.#options;
    const picture = await pictures.shrink({
      open: async () => {
        const opened = await files.open(uploadKey(upload.id));
        if (opened === undefined) throw errors.NOT_FOUND();
        return opened;
      },
      pixels,
      type,
    });
    if (picture === undefined) {
      this.#refusedUntilMs.set(key, clock.now() + REFUSED_FOR);
      throw errors.THUMBNAIL_UNSUPPORTED();
    }
    return files.put(key, once(picture), { maxBytes: picture.length, contentType: () => type });
  }
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
