import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RenderedFile } from '../src/render/rendered-file.ts';

/** Writes files below a folder, with their permissions; answers where each lies. */
export function writeBelow(folder: string, files: readonly RenderedFile[]): readonly string[] {
  return files.map(({ path, content, mode = 0o644 }) => {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content, { mode });
    return at;
  });
}
