// Installs what is missing and builds what is stale. Plain JavaScript: it runs on Node 20 with nothing installed.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedEnv, pinnedNode, root } from './pinned-node.mjs';
import { mustRun } from './run-command.mjs';

const installedStamp = join(root, 'node_modules', '.maque-installed');
const builtStamp = join(root, 'node_modules', '.maque-built');

/** Installs packages when package-lock.json changed since the last time, or nothing is there yet. */
export async function ensureInstalled() {
  const wanted = digest([join(root, 'package-lock.json')]);
  if (existsSync(installedStamp) && readFileSync(installedStamp, 'utf8') === wanted) return;
  // A plain `npm ci` by the user counts as well: npm writes this file last.
  const npmDone = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (!existsSync(npmDone) || statSync(npmDone).mtimeMs < statSync(lock).mtimeMs) {
    await step('Installing packages / 安装依赖', () =>
      mustRun('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { quiet: true }),
    );
  }
  writeFileSync(installedStamp, wanted);
}

/** Compiles and bundles when any source is newer than the last build. */
export async function ensureBuilt() {
  const wanted = digest(sources());
  if (existsSync(builtStamp) && readFileSync(builtStamp, 'utf8') === wanted) return;
  await step('Building / 构建', () =>
    mustRun(pinnedNode(), [join(root, 'scripts', 'build.mjs')], { env: pinnedEnv(), quiet: true }),
  );
  writeFileSync(builtStamp, wanted);
}

async function step(name, work) {
  const started = Date.now();
  process.stderr.write(`• ${name} …`);
  const ticking = process.stderr.isTTY ? setInterval(() => process.stderr.write('.'), 1_000) : undefined;
  try {
    await work();
  } finally {
    clearInterval(ticking);
  }
  process.stderr.write(` ${((Date.now() - started) / 1_000).toFixed(1)} s\n`);
}

/** Everything that decides what a build gives: sources, manifests, compiler settings and the build itself. */
function sources() {
  const files = [
    'package-lock.json',
    'tsconfig.base.json',
    'scripts/build.mjs',
    'scripts/bundle.mjs',
    'scripts/load-less.mjs',
  ].map((name) => join(root, name));
  for (const folder of ['packages', 'examples']) collect(join(root, folder), files);
  return files;
}

function collect(folder, files) {
  const skipped = new Set(['node_modules', 'dist', 'bundle', 'data', '.cache']);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, files);
    else if (/\.(ts|tsx|js|mjs|css|html|svg|json)$/.test(entry.name) && !entry.name.includes('.test.'))
      files.push(path);
  }
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files.sort())
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}
