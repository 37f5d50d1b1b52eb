import { randomBytes } from 'node:crypto';

/** Whoever knows it may load the file, so nobody can guess it: 128 random bits, in letters that every file system tells apart. */
export function newUploadId(): string {
  return randomBytes(16).toString('hex');
}

const ADDRESS = /^\/api\/uploads\/[0-9a-f]{32}$/;

/** Where a file is served: a path, so that it outlives a change of the domain. */
export function uploadAddress(id: string): string {
  return `/api/uploads/${id}`;
}

export function isUploadAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** The key of a file in the store, spread over 256 folders. */
export function uploadKey(id: string): string {
  return `uploads/${id.slice(0, 2)}/${id}`;
}
