// Joins everything that runs into packages/maque/bundle. Split by entry and by lazy import, so that a process
// loads only what it uses: a worker in one file costs 21 MiB of private memory, in 600 modules 38.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './pinned-node.mjs';

const maque = join(root, 'packages', 'maque');
const target = join(maque, 'bundle');

/**
 * V8 keeps a source text in memory as long as its functions live: one byte a character if all are Latin-1, two if a
 * single one is not. Chinese messages would double the worker's 1.2 MB.
 */
export const asciiOnly = {
  name: 'ascii-only',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escapeCodeUnit);
    }
  },
};

function escapeCodeUnit(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export async function bundle() {
  rmSync(target, { recursive: true, force: true });
  const build = await rolldown({
    input: {
      bin: join(maque, 'dist', 'bin.js'),
      worker: join(maque, 'dist', 'worker.js'),
      index: join(maque, 'dist', 'index.js'),
      preload: join(root, 'packages', 'keeper', 'dist', 'preload.js'),
      // Guard and keeper start these by their names, from beside or from the folder of chunks.
      'snapshot-helper': join(root, 'packages', 'guard', 'dist', 'snapshot', 'snapshot-helper.js'),
      'stack-helper': join(root, 'packages', 'keeper', 'dist', 'hang', 'stack-helper.js'),
    },
    platform: 'node',
    logLevel: 'warn',
    plugins: [asciiOnly],
  });
  await build.write({
    dir: target,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
  });
  await build.close();
  cpSync(join(root, 'packages', 'console', 'dist'), join(target, 'console'), { recursive: true });
}
