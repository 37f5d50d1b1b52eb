// Joins everything that runs into packages/maque/bundle. Split by entry and by lazy import, so that a process
// loads only what it uses: a worker in one file costs 21 MiB of private memory, in 600 modules 38.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './pinned-node.mjs';

const maque = join(root, 'packages', 'maque');
const target = join(maque, 'bundle');

export async function bundle() {
  rmSync(target, { recursive: true, force: true });
  const build = await rolldown({
    input: {
      bin: join(maque, 'dist', 'bin.js'),
      worker: join(maque, 'dist', 'worker.js'),
      index: join(maque, 'dist', 'index.js'),
      preload: join(root, 'packages', 'keeper', 'dist', 'preload.js'),
    },
    platform: 'node',
    logLevel: 'warn',
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
