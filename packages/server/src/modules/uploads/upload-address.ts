import { randomBytes } from 'node:crypto';

/** Whoever knows it may load the file, so nobody can guess it: 128 random bits, in letters that every file system tells apart. */
export function newUploadId(): string {
  return randomBytes(16).toString('hex');
}

const ADDRESS = /^\/api\/uploads\/[0-9a-f]{32}$/;
const ADDRESSES = /\/api\/uploads\/([0-9a-f]{32})(?![0-9a-f])/g;

/** Where a file is served: a path, so that it outlives a change of the domain. */
export function uploadAddress(id: string): string {
  return `/api/uploads/${id}`;
}

export function isUploadAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** The ids of the files whose addresses stand in a text, whatever comes before and after them. */
export function idsOfAddresses(text: string): string[] {
  return [...text.matchAll(ADDRESSES)].map(([, id = '']) => id);
}

/** Where files are in the store, and where smaller pictures of them. */
export const UPLOAD_FOLDER = 'uploads';
export const THUMBNAIL_FOLDER = 'thumbnails';
const KEY = /^(?:uploads|thumbnails)\/[0-9a-f]{2}\/([0-9a-f]{32})(?:-\d{1,4})?$/;

/** The upload that a key in the store is about; undefined for any other file. */
export function uploadIdIn(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}

/** The key of a file in the store, spread over 256 folders. */
export function uploadKey(id: string): string {
  return `${UPLOAD_FOLDER}/${id.slice(0, 2)}/${id}`;
}

/** Sides that thumbnails may have: an avatar or a grid, a list on a dense screen, a card, a whole screen. */
export const THUMBNAIL_PIXELS = [160, 320, 640, 1280] as const;
export type ThumbnailPixels = (typeof THUMBNAIL_PIXELS)[number];

/** The key of a smaller picture of a file. */
export function thumbnailKey(id: string, pixels: ThumbnailPixels): string {
  return `${THUMBNAIL_FOLDER}/${id.slice(0, 2)}/${id}-${pixels}`;
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
