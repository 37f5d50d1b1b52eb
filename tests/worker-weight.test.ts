import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMaque } from '@maque/testkit/process/start-maque';
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

it('keeper and workers serve without what Node loads for fetch: 6 MiB each', async () => {
  await using folder = await tempFolder();
  const preload = join(folder.path, 'tell.cjs');
  await writeFile(preload, TELL);
  const env = { NODE_OPTIONS: `--require ${preload}` };
  await using maque = await startMaque({ args: ['--workers', '2'], env });
  const workers = await waitUntil('two workers that have served', async () => {
    expect((await fetch(`${maque.url}/api/products`)).status).toBe(200);
    const lists = await readLists(folder.path);
    return (
      lists.filter((list) => /worker\.js/.test(list) && list.includes('NativeModule http\n')).length === 2
    );
  });
  expect(workers).toBe(true);
  for (const list of await readLists(folder.path))
    expect(list.split('\n').filter((each) => /undici|NativeModule (http2|tls|https)$/.test(each))).toEqual(
      [],
    );
});

async function readLists(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.txt'));
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}
