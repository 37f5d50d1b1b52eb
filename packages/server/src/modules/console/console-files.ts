import { lstatSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Bytes } from '@maque/kit';

/** One file of the console. */
export interface ConsoleFile {
  readonly path: string;
  readonly type: string;
  readonly etag: string;
  /** Its name changes with its content, so a browser may keep it for good. */
  readonly isImmutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** A console has a dozen files of some 100 KB in all; more is the wrong folder. */
const MAX_FILES = 500;
const MAX_FILE_BYTES: Bytes = 4 * 1024 * 1024;

/**
 * The files of the console by the address under which they are served (`index.html`, `assets/index-BX3.js`). Only what
 * is listed here can be asked for: no path of a caller ever reaches the file system. Empty when there is no folder.
 */
export function listConsoleFiles(folder: string): ReadonlyMap<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  for (const path of filesUnder(folder)) {
    // A link may lead anywhere; it is no file here.
    const facts = lstatSync(path);
    const type = TYPES[extname(path)];
    if (!facts.isFile() || type === undefined || facts.size > MAX_FILE_BYTES) continue;
    const name = relative(folder, path).split(sep).join('/');
    files.set(name, {
      path,
      type,
      etag: `"${facts.size.toString(36)}-${Math.floor(facts.mtimeMs).toString(36)}"`,
      isImmutable: name.startsWith('assets/'),
    });
    if (files.size >= MAX_FILES) break;
  }
  return files;
}

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
