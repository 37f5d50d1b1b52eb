import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { runScenarios } from '@maque/testkit/scenarios/run-scenarios';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../../testing/start-server.ts';

const opened = new AsyncDisposableStack();
let server: TestServer;

beforeAll(async () => {
  const { path } = opened.use(await tempFolder());
  const consoleDir = join(path, 'console');
  mkdirSync(join(consoleDir, 'assets'), { recursive: true });
  writeFileSync(join(consoleDir, 'index.html'), '<!doctype html><title>Maque</title>');
  writeFileSync(join(consoleDir, 'assets', 'index-BX3a.js'), `console.log('${'a'.repeat(3_000)}')`);
  writeFileSync(join(consoleDir, '.env'), 'SECRET=1');
  writeFileSync(join(path, 'outside.js'), 'SECRET');
  symlinkSync(join(path, 'missing.js'), join(consoleDir, 'broken.js'));
  server = opened.use(await startServer({ dataDir: join(path, 'data'), consoleDir }));
});
afterAll(() => opened.disposeAsync());

runScenarios(
  () => server.url,
  [
    {
      name: 'shows its page, in which nothing foreign may run',
      request: 'GET /_/',
      status: 200,
      contains: [
        '<title>Maque</title>',
        'content-type: text/html',
        "content-security-policy: default-src 'none'; script-src 'self'",
        "frame-ancestors 'none'",
        'x-content-type-options: nosniff',
        'cache-control: no-cache',
      ],
      lacks: ['unsafe-inline', 'unsafe-eval'],
    },
    { name: 'is found without the slash', request: 'GET /_', status: 308, contains: ['location: /_/'] },
    {
      name: 'lets browsers keep what is named by its content',
      request: 'GET /_/assets/index-BX3a.js',
      status: 200,
      contains: [
        'cache-control: public, max-age=31536000, immutable',
        'content-type: text/javascript',
        'etag: "',
      ],
    },
    {
      name: 'sends large files smaller',
      request: 'GET /_/assets/index-BX3a.js',
      headers: { 'accept-encoding': 'gzip' },
      status: 200,
      contains: ['content-encoding: gzip', 'etag: W/"'],
    },
    {
      name: 'has no file that is not there',
      request: 'GET /_/assets/other.js',
      status: 404,
      contains: ['NOT_FOUND'],
    },
    { name: 'serves no dot files', request: 'GET /_/.env', status: 404, lacks: ['SECRET'] },
    { name: 'does not leave its folder', request: 'GET /_/../outside.js', status: 404, lacks: ['SECRET'] },
    {
      name: 'does not leave it by encoding either',
      request: 'GET /_/..%2foutside.js',
      status: 404,
      lacks: ['SECRET'],
    },
    { name: 'does not leave it by an address', request: 'GET /_//etc/passwd', status: 404, lacks: ['root:'] },
    { name: 'takes nothing', request: 'POST /_/index.html', body: {}, status: 405 },
  ],
);

it('is not sent again to who has it', async () => {
  const first = await sendRequest(server.url, { path: '/_/' });
  for (const tag of [first.headers.etag, `W/${first.headers.etag}`, `"x", ${first.headers.etag}`]) {
    const again = await sendRequest(server.url, { path: '/_/', headers: { 'if-none-match': tag ?? '' } });
    expect([again.status, again.text]).toEqual([304, '']);
  }
});

it('says what to do where it is not built', async () => {
  await using temp = await tempFolder();
  await using bare = await startServer({ dataDir: temp.path, consoleDir: join(temp.path, 'nothing') });
  const answer = await sendRequest(bare.url, { path: '/_/' });
  expect(answer.status).toBe(503);
  expect(answer.text).toContain('npm run build');
});
