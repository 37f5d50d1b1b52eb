import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RenderedFile } from '@maque/ops/render';

/** What stands in rendered files, and what stands there instead: paths, ports and users. */
export type Moves = readonly (readonly [from: string | RegExp, to: string])[];

/** The rendered file of this path. @throws Error when none is. */
export function fileAt(files: readonly RenderedFile[], path: string | RegExp): RenderedFile {
  const found = files.find((file) => (typeof path === 'string' ? file.path === path : path.test(file.path)));
  if (found === undefined) throw new Error(`nothing is rendered at ${path}`);
  return found;
}

/** @throws Error when something that should move is not there: then the rendered file has changed. */
export function move(content: string, moves: Moves): string {
  return moves.reduce((text, [from, to]) => {
    const moved = text.replaceAll(from, to);
    if (moved === text) throw new Error(`the rendered file does not have ${from}`);
    return moved;
  }, content);
}

export function writeMoved(file: string, content: string, moves: Moves): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, move(content, moves));
  return file;
}
