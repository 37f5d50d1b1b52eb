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

const ARRIVING = 'arriving/';

/** The key under which a client sends the file of a ticket; nothing is ever served from there. */
export function arrivingKey(ticketId: string): string {
  return ARRIVING + ticketId;
}

/** The ticket that a key in the store is about; undefined for any other file. */
export function ticketIdIn(key: string): string | undefined {
  return key.startsWith(ARRIVING) ? key.slice(ARRIVING.length) : undefined;
}
