import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Upload } from '@maque/contract';
import { KiB, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FORM_TYPE, formWith, jpegOf } from '../../../testing/multipart.ts';
import { logIn, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';

// More than the kernel buffers of a connection on this machine, so that a reader who stops holds the file open.
const LARGE = 16 * MiB;

const opened = new AsyncDisposableStack();
let server: TestServer;
let token: string;

beforeAll(async () => {
  const { path: dataDir } = opened.use(await tempFolder());
  const wechat = opened.use(await startWechat());
  const env = { MAQUE_BODY_MEMORY: '2M', MAQUE_UPLOAD_LIMIT: '16M' };
  server = opened.use(await startServer({ dataDir, simulator: wechat.url, env }));
  token = await logIn(server, wechat.simulator.issueCode('ann'));
});
afterAll(() => opened.disposeAsync());

const upload = async (bytes: number) => {
  const headers = { authorization: `Bearer ${token}`, ...FORM_TYPE };
  const body = formWith(jpegOf(bytes));
  const answer = await sendRequest(server.url, { method: 'POST', path: '/api/uploads', headers, body });
  return answer.json<Upload>();
};
const statusOf = async (path: string) => (await sendRequest(server.url, { path })).status;
const heldBytes = () => Number(/^maque_body_bytes (\d+)$/m.exec(server.link.metrics())?.[1]);

it('sends only so many large files to slow readers at once, and small ones to everybody', async () => {
  const large = await upload(LARGE);
  const small = await upload(2 * KiB);
  const readers = await Promise.all(Array.from({ length: 4 }, () => readSlowly(large.url)));
  expect(heldBytes()).toBe(2 * MiB);
  expect(await statusOf(large.url)).toBe(503);
  expect(await statusOf(small.url)).toBe(200);
  const unchanged = { path: large.url, headers: { 'if-none-match': `"${large.id}"` } };
  expect((await sendRequest(server.url, unchanged)).status).toBe(304);

  for (const reader of readers) reader.destroy();
  await waitUntil('their memory', () => heldBytes() === 0);
  expect(await statusOf(large.url)).toBe(200);
});

it('takes large files one after the other in the same memory', async () => {
  // A busy machine has no room for all four at once, and says so; who comes again is served.
  const keep = () => waitUntil('room for a file', async () => (await upload(LARGE)).size === LARGE, 20_000);
  expect(await Promise.all([keep(), keep(), keep(), keep()])).toEqual([true, true, true, true]);
  await waitUntil('their memory', () => heldBytes() === 0);
});

/** Asks for a file, and stops reading once it has begun. */
async function readSlowly(path: string): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1').on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  return socket.pause();
}
