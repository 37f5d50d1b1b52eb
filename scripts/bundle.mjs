// Joins everything that runs into packages/maque/bundle. Split by entry and by lazy import, so that a process
// loads only what it uses: a worker in one file costs 21 MiB of private memory, in 600 modules 38.
import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { fastifyWithoutExtras, httpWithoutFetch } from './load-less.mjs';
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

/** V8 keeps comments in memory, too: a fifth of the guard's text. Licences stay. */
export const withoutComments = { comments: { legal: true, annotation: false, jsdoc: false } };

/**
 * Keeps what an entry loads at once in one file, whatever else loads some of it later: as the ten that the bundler would make
 * of the guard, it takes 0.7 MiB more.
 */
export async function oneFileOf(options) {
  await using build = await rolldown(options);
  const { output } = await build.generate({});
  const first = output.find(({ isEntry }) => isEntry === true);
  const chunks = [first, ...output.filter(({ fileName }) => first.imports.includes(fileName))];
  const core = new Set(chunks.flatMap(({ moduleIds }) => moduleIds));
  return { groups: [{ name: 'core', test: (id) => core.has(id) }] };
}

function escapeCodeUnit(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

// What runs as, or belongs to, the app of a user: modules, as the app's are.
const modules = {
  worker: join(maque, 'dist', 'worker.js'),
  index: join(maque, 'dist', 'index.js'),
  preload: join(root, 'packages', 'keeper', 'dist', 'preload.js'),
  // Guard, keeper and server start these by their names, from beside or from the folder of chunks.
  'snapshot-helper': join(root, 'packages', 'guard', 'dist', 'snapshot', 'snapshot-helper.js'),
  'stack-helper': join(root, 'packages', 'keeper', 'dist', 'hang', 'stack-helper.js'),
  'picture-helper': join(
    root,
    ...['packages', 'server', 'dist', 'adapters', 'picture-shrinker', 'picture-helper.js'],
  ),
  'checkpoint-thread': join(
    root,
    'packages',
    'server',
    'dist',
    'adapters',
    'database',
    'sqlite',
    'checkpoint-thread.js',
  ),
  'verify-thread': join(
    root,
    'packages',
    'server',
    'dist',
    'adapters',
    'database',
    'sqlite',
    'verify-thread.js',
  ),
};

// The command, and with it the keeper, as CommonJS: `maque plan` takes 44 ms instead of 59 (28 of them are Node's own),
// and a keeper is 1.3 to 3.9 MiB smaller (RSS), for nothing is resolved, read and linked asynchronously.
const command = { bin: join(maque, 'dist', 'bin.js') };

/** Where a CommonJS file lies, said as modules do; with their ending, by which helpers are found. */
const MODULE_URL =
  "const moduleUrl = require('node:url').pathToFileURL(__filename.replace(/cjs$/, 'js')).href;";

export async function bundle() {
  rmSync(target, { recursive: true, force: true });
  await write(modules, {
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  await write(
    command,
    {
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      intro: MODULE_URL,
    },
    // The second one looks for the preload of whoever names none, which the command always does.
    { 'import.meta.url': 'moduleUrl', 'import.meta.resolve': 'undefined' },
  );
  cpSync(join(root, 'packages', 'console', 'dist'), join(target, 'console'), { recursive: true });
  copyPictureLibrary();
}

/** As it is, for it starts threads by its own name, and with whose work is in it. Only the helper for pictures loads it. */
function copyPictureLibrary() {
  const from = join(root, 'node_modules', 'wasm-vips');
  for (const file of ['lib/vips-node.mjs', 'lib/vips.wasm', 'LICENSE', 'THIRD-PARTY-NOTICES.md']) {
    cpSync(join(from, file), join(target, 'vips', basename(file)));
  }
}

async function write(input, output, define = {}) {
  const build = await rolldown({
    input,
    platform: 'node',
    external: ['wasm-vips'],
    logLevel: 'warn',
    plugins: [asciiOnly, httpWithoutFetch, fastifyWithoutExtras],
    transform: { define },
  });
  await build.write({ dir: target, sourcemap: true, ...withoutComments, ...output });
  await build.close();
}
