import type { Bytes } from '@maque/kit';
import { FILE_KINDS } from './file-kinds.ts';
import { uploadKey } from './upload-address.ts';
import type { UploadRow } from './upload-store.ts';

/** What is sent for an address: an upload, or a thumbnail of one. */
export interface ServedFile {
  /** In the store of files. */
  readonly key: string;
  readonly etag: string;
  readonly type: string;
  readonly bytes: Bytes;
  /** `inline; filename="….jpg"`: a name of ours, and whether a browser shows it. */
  readonly disposition: string;
}

export function wholeFile({ id, type, bytes }: UploadRow): ServedFile {
  return { key: uploadKey(id), etag: etagOf(id), type, bytes, disposition: dispositionOf(id, type) };
}

/** @param name of the file or of what was made of it; it never changes under its name. */
export function etagOf(name: string): string {
  return `"${name}"`;
}

export function dispositionOf(name: string, type: string): string {
  const extension = FILE_KINDS.find((kind) => kind.type === type)?.extension ?? 'bin';
  // Viewers of PDF do not run in a sandbox, so these are kept as a file.
  const kind = type === 'application/pdf' ? 'attachment' : 'inline';
  return `${kind}; filename="${name}.${extension}"`;
}
