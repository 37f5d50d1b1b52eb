import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { KiB, MiB } from '@maque/kit';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { type TempFolder, tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const exec = promisify(execFile);

let folder: TempFolder;
let app: string;
let tarball: string;

// An empty app that installs the packed guard, without a registry.
beforeAll(async () => {
  folder = await tempFolder();
  const script = join(root, 'scripts', 'package-library.mjs');
  tarball = (await exec(process.execPath, [script, 'guard', join(folder.path, 'made')])).stdout.trim();
  app = join(folder.path, 'app');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{"name":"app","version":"1.2.3","private":true}');
  await exec('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', tarball], {
    cwd: app,
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

const installed = (...path: string[]) => join(app, 'node_modules', '@maque', 'guard', ...path);

/** What the app has besides, from this repository. */
async function alsoInstall(name: string): Promise<void> {
  const place = join(app, 'node_modules', name);
  await mkdir(join(place, '..'), { recursive: true });
  await symlink(join(root, 'node_modules', name), place).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function start(file: string, code: string, ...flags: string[]) {
  await writeFile(join(app, file), code);
  const { NODE_OPTIONS: _runner, ...env } = process.env;
  return await spawnProcess(process.execPath, [...flags, file], { cwd: app, env });
}

const manifest = async () => JSON.parse(await readFile(installed('package.json'), 'utf8'));

it('brings everything along: no dependency, no second package, nothing that is not in it', async () => {
  expect((await readdir(join(app, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual([
    '@maque',
  ]);
  expect(await readdir(join(app, 'node_modules', '@maque'))).toEqual(['guard']);
  const { dependencies, peerDependenciesMeta, exports } = await manifest();
  expect(dependencies).toEqual({});
  expect(Object.values(peerDependenciesMeta)).toSatisfy((peers: { optional: boolean }[]) =>
    peers.every(({ optional }) => optional),
  );
  const workspace = JSON.parse(await readFile(join(root, 'packages', 'guard', 'package.json'), 'utf8'));
  expect(Object.keys(exports)).toEqual([...Object.keys(workspace.exports), './package.json']);
  expect((await stat(tarball)).size).toBeLessThan(400 * KiB);
});

it('watches an Express app by one line, and by register its metrics', { timeout: 30_000 }, async () => {
  await alsoInstall('express');
  await using server = await start(
    'app.mjs',
    `import express from 'express';
     import { watchExpress } from '@maque/guard/express';
     const app = express();
     const guard = watchExpress(app, { shed: true });
     app.get('/orders/:id', (request, response) => response.send(request.params.id));
     app.get('/metrics', (_request, response) => response.send(guard.metrics()));
     const server = app.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));`,
    '--import',
    '@maque/guard/register',
  );
  const [, port] = await server.line(/^port (\d+)/);
  expect(await (await fetch(`http://127.0.0.1:${port}/orders/7`)).text()).toBe('7');
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toContain('maque_http_requests_total{route="GET /orders/:id"} 1');
  expect(server.stderr()).toBe('');
});

it('is loaded by require', async () => {
  await using child = await start(
    'app.cjs',
    `const { watch } = require('@maque/guard');
     const { LoadShedder } = require('@maque/guard/shed');
     const guard = watch();
     console.log(guard.state().memory.rss > 0, new LoadShedder(guard).refuses('/'));`,
    '--require',
    '@maque/guard/register',
  );
  await child.exit();
  expect([child.stdout(), child.stderr()]).toEqual(['true false\n', '']);
});

it('finds the process that compares snapshots', { timeout: 60_000 }, async () => {
  await using child = await start(
    'compare.mjs',
    `import { writeHeapSnapshot } from 'node:v8';
     import { compareInHelper } from '@maque/guard/snapshot';
     class Session {}
     const kept = [];
     writeHeapSnapshot('before.heapsnapshot');
     for (let count = 0; count < 20_000; count += 1) kept.push(new Session());
     writeHeapSnapshot('after.heapsnapshot');
     const comparison = await compareInHelper('before.heapsnapshot', 'after.heapsnapshot');
     console.log(JSON.stringify(comparison).includes('Session'), kept.length);`,
  );
  await child.exit(50_000);
  expect([child.stdout(), child.stderr()]).toEqual(['true 20000\n', '']);
});

it('has types for all that it exports, which need nothing but those of Node', {
  timeout: 60_000,
}, async () => {
  const { exports } = await manifest();
  const paths = Object.keys(exports).filter((path) => path !== './package.json');
  const imports = paths.map((path, index) => {
    const name = join('@maque/guard', path);
    return path === './register'
      ? `import '${name}';`
      : `import * as all${index} from '${name}'; void all${index};`;
  });
  // What the types say is held against wrong use too.
  const use = `
    import { watch, type GuardState } from '@maque/guard';
    import { watchKoa } from '@maque/guard/koa';
    const state: GuardState = watch({ maxRoutes: 10 }).state();
    const uptime: number = state.memory.uptimeMs;
    // @ts-expect-error: a number
    const text: string = state.memory.uptimeMs;
    // @ts-expect-error: no such option
    watchKoa({ use() {} }, { sheds: true });
    console.log(uptime, text);`;
  await writeFile(join(app, 'use.mts'), `${imports.join('\n')}\n${use}`);
  const options = [
    ...['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--exactOptionalPropertyTypes'],
    ...['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types'), 'use.mts'],
  ];
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout, code = 0 } = await exec(process.execPath, [tsc, ...options], { cwd: app }).catch(
    (error) => error,
  );
  expect([stdout, code]).toEqual(['', 0]);
});

it('takes less than three mebibytes of a process', { timeout: 60_000 }, async () => {
  // Before and after in one process, for two processes differ by more than that; the least of three, for the rest is noise.
  const growthBy = (code: string) => `
    import { readFileSync } from 'node:fs';
    const read = () => Number(/Private_Dirty:\\s+(\\d+)/.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1]);
    await import('data:text/javascript,');
    gc(); read(); gc();
    const before = read();
    ${code}
    await new Promise((resolve) => setTimeout(resolve, 300));
    gc();
    console.log(read() - before);
    process.exit();`;
  const least = async (code: string) => {
    const figures: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await using child = await start('measure.mjs', growthBy(code), '--expose-gc');
      await child.exit();
      figures.push(Number(child.stdout()) * KiB);
    }
    return Math.min(...figures);
  };
  const grown = (await least(`await import('@maque/guard/register');`)) - (await least(''));
  expect(grown).toBeGreaterThan(100 * KiB);
  expect(grown).toBeLessThan(3 * MiB);
});
