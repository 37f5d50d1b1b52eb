import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { type MaqueOptions, runMaque, startMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

// Each process lists what of Node it has loaded.
const TELL = `const { renameSync, writeFileSync } = require('node:fs');
  setInterval(() => {
    const file = __dirname + '/' + process.pid;
    writeFileSync(file, process.argv.join(' ') + '\\n' + process.moduleLoadList.join('\\n'));
    renameSync(file, file + '.txt');
  }, 100).unref();`;

const STRIPPER = 'NativeModule internal/deps/amaro/dist/index';

it('keeper and workers serve without what Node loads for fetch: 6 MiB each', async () => {
  await using told = await toldModules();
  await using maque = await startMaque({ args: ['--workers', '2'], env: told.env });
  for (const list of await told.servingWith(maque.url, '/api/products'))
    expect(list.split('\n').filter((each) => /undici|NativeModule (http2|tls|https)$/.test(each))).toEqual(
      [],
    );
});

it('an app in TypeScript is stripped before its workers start, which have no stripper: 13 MiB each', async () => {
  await using app = await appInTypeScript();
  await using told = await toldModules();
  const dataDir = join(app.path, 'data');
  const cache = join(dataDir, 'compile-cache');
  // What other Nodes left behind is thrown away.
  await mkdir(join(cache, 'v23'), { recursive: true, mode: 0o700 });
  await mkdir(join(cache, 'v24'));
  await writeFile(join(cache, 'v23', 'old'), '');
  await writeFile(join(cache, 'v24', 'old'), '');
  await using maque = await startMaque({ ...servedFrom(app.path, dataDir), env: told.env });
  for (const list of await told.servingWith(maque.url, '/api/word')) expect(list).not.toContain(STRIPPER);
  expect((await stat(cache)).mode & 0o777).toBe(0o700);
  expect(await readdir(cache)).toHaveLength(1);
  expect(await readdir(cache)).not.toContain('v23');
});

it('an app in TypeScript starts also where nothing of it can be kept', async () => {
  await using app = await appInTypeScript();
  await using told = await toldModules();
  const dataDir = join(app.path, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(join(dataDir, 'compile-cache'), 'not a folder');
  await using maque = await startMaque({ ...servedFrom(app.path, dataDir), env: told.env });
  const lists = await told.servingWith(maque.url, '/api/word');
  expect(lists.filter((list) => list.includes(STRIPPER))).toHaveLength(2);
});

it('a program in TypeScript that `maque run` keeps is stripped once, too', async () => {
  await using app = await appInTypeScript();
  await using told = await toldModules();
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { ...told.env, PORT: new URL(url).port };
  await using _program = await runMaque(['run', '--workers', '2', 'program.mts'], { cwd: app.path, env });
  for (const list of await told.servingWith(url, '/', /program\.mts/)) expect(list).not.toContain(STRIPPER);
});

const servedFrom = (appDir: string, dataDir: string): MaqueOptions => ({
  appDir,
  dataDir,
  args: ['--workers', '2'],
});

/** Inside the repository, so that it finds `maque` as an installed one does. */
async function appInTypeScript() {
  const folder = await tempFolder(join(import.meta.dirname, '../.cache'));
  await writeFile(join(folder.path, 'word.ts'), `export const word: string = 'sparrow';`);
  await writeFile(
    join(folder.path, 'maque.config.ts'),
    `import { defineApp, route } from 'maque';
     import { word } from './word.ts';
     export default defineApp({
       collections: {},
       routes: [route.get('/word', { auth: 'public' }, () => ({ word }))],
     });`,
  );
  await writeFile(
    join(folder.path, 'program.mts'),
    `import { createServer } from 'node:http';
     import { word } from './word.ts';
     createServer((_request, response) => response.end(word as string)).listen(Number(process.env.PORT));`,
  );
  return folder;
}

/** Processes that get this environment say what of Node they have loaded. */
async function toldModules() {
  const folder = await tempFolder();
  const preload = join(folder.path, 'tell.cjs');
  await writeFile(preload, TELL);
  return {
    env: { NODE_OPTIONS: `--require ${preload}` },
    /** The lists of the keeper and its workers, once there are those of two workers that have served. */
    async servingWith(url: string, path: string, worker = /worker\.js/): Promise<string[]> {
      const served = async (): Promise<boolean> => {
        expect((await fetch(url + path)).status).toBe(200);
        const workers = (await readLists(folder.path)).filter((list) => worker.test(firstLine(list)));
        return workers.filter((list) => list.includes('NativeModule http\n')).length === 2;
      };
      expect(await waitUntil('two workers that have served', served)).toBe(true);
      // The process that strips has no script, and may live long enough to be listed.
      return (await readLists(folder.path)).filter((list) => firstLine(list).includes(' '));
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const firstLine = (list: string): string => list.slice(0, list.indexOf('\n'));

async function readLists(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.txt'));
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}
