import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies the running Node binary, for the stacks to run on. Pages of one file are shared by all processes that map it,
 * and PSS divides them by their number: on the same file as this program and whatever Node runs on the machine
 * besides, a stack would look up to 30 MiB smaller than it is where it runs alone.
 */
export function copyNode(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const node = join(bin, 'node');
  copyFileSync(process.execPath, node);
  return node;
}
