import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { type OutputChunk, rolldown } from 'rolldown';
import { beforeAll, expect, test } from 'vitest';
import config from '../rolldown.config.ts';
import { createFakeWechat } from '../testing/fake-wechat.ts';
import { startScriptedServer } from '../testing/scripted-server.ts';
import type { AppShape } from './app-types.ts';
import type { Client } from './client.ts';

const folder = join(import.meta.dirname, '..');
let chunk: OutputChunk;

beforeAll(async () => {
  const build = await rolldown({ ...config, cwd: folder });
  const result = await build.generate({ format: 'cjs', minify: config.output.minify ?? false });
  await build.close();
  chunk = result.output[0];
});

test('the bundle is at most 6 KiB gzipped', ({ annotate }) => {
  const size = gzipSync(chunk.code, { level: 9 }).length;
  annotate(`${size} B gzipped, ${chunk.code.length} B minified`);
  expect(size).toBeLessThanOrEqual(6 * 1024);
});

test('nothing but our own modules is in it', () => {
  // What the compiler brings for older JavaScript has ids that begin with a NUL character.
  const foreign = chunk.moduleIds.filter((id) => !id.startsWith('\0') && !id.startsWith(join(folder, 'src')));
  expect(foreign).toEqual([]);
  expect(chunk.imports).toEqual([]);
});

test('it runs where there is nothing but JavaScript, timers and wx', async () => {
  await using server = await startScriptedServer((request) =>
    request.path === '/api/login/wechat'
      ? { body: { token: 't1', expiresAt: '…', user: { id: 'u1' } } }
      : { body: { items: [{ id: 'p1' }], nextCursor: null } },
  );
  // A mini-program has none of: fetch, URL, URLSearchParams, AbortController, TextEncoder, Buffer, process, require.
  const exports: { createClient?: (options: object) => Client<AppShape> } = {};
  const miniProgram = createContext({ exports, module: { exports }, setTimeout, wx: createFakeWechat() });
  runInContext(chunk.code, miniProgram);

  const client = exports.createClient?.({ baseUrl: server.url });
  await client?.login();
  const ids: string[] = [];
  for await (const { items } of client?.collection('products').pages() ?? []) {
    ids.push(...items.map(({ id }) => id));
  }
  expect(ids).toEqual(['p1']);
});
