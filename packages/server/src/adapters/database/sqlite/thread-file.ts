import { existsSync } from 'node:fs';
import { extname } from 'node:path';

/**
 * Where the program of a thread is. It lies beside this file; in a bundle, beside the entries, and this file in a folder
 * of chunks below them.
 */
export function threadFile(name: string): URL {
  const file = `${name}${extname(import.meta.url)}`;
  const beside = new URL(file, import.meta.url);
  return existsSync(beside) ? beside : new URL(`../${file}`, import.meta.url);
}
