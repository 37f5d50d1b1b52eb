import { once } from 'node:events';
import { createServer, type IncomingMessage, request as sendOn } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Upload, UploadTicket } from '@maque/contract';
import { createManualClock, HOUR, KiB, type ManualClock, MINUTE } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { createObjectStoreSimulator, type ObjectStoreSimulator } from '@maque/wechat/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FORM_TYPE, formWith, jpegOf } from '../../../testing/multipart.ts';
import { logIn, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';

const ACCOUNT = { bucket: 'shop', region: 'us-east-1', keyId: 'AKID', keySecret: 'the-secret' };
const QUOTA = 10 * KiB;

describe('with a store that can be cut off', () => {
  const opened = new AsyncDisposableStack();
  const isDown = { for: (_request: IncomingMessage) => false };
  const arrived: string[] = [];
  let clock: ManualClock;
  let store: ObjectStoreSimulator;
  let dataDir: string;
  let server: TestServer;
  let token: string;

  beforeAll(async () => {
    clock = createManualClock(Date.now());
    store = await createObjectStoreSimulator({ kind: 's3', ...ACCOUNT, clock });
    opened.defer(() => store.close());
    const line = opened.use(
      await startLine(store.url, (request) => {
        const isCopy = request.headers['x-amz-copy-source'] !== undefined;
        arrived.push(isCopy ? 'COPY' : (request.method ?? ''));
        return !isDown.for(request);
      }),
    );
    dataDir = opened.use(await tempFolder()).path;
    const wechat = opened.use(await startWechat());
    const env = {
      MAQUE_FILE_STORE: 's3',
      MAQUE_STORE_BUCKET: ACCOUNT.bucket,
      MAQUE_STORE_REGION: ACCOUNT.region,
      MAQUE_STORE_KEY_ID: ACCOUNT.keyId,
      MAQUE_STORE_KEY_SECRET: ACCOUNT.keySecret,
      MAQUE_STORE_ENDPOINT: line.url,
      MAQUE_UPLOAD_QUOTA: String(QUOTA),
    };
    server = opened.use(await startServer({ dataDir, simulator: wechat.url, env, clock }));
    token = await logIn(server, wechat.simulator.issueCode('ann'));
  });
  afterEach(() => {
    isDown.for = () => false;
  });
  afterAll(() => opened.disposeAsync());

  const call = (method: string, path: string, body?: object | Buffer) => {
    const authorization = `Bearer ${token}`;
    const headers = Buffer.isBuffer(body) ? { authorization, ...FORM_TYPE } : { authorization };
    return sendRequest(server.url, { method, path, headers, ...(body === undefined ? {} : { body }) });
  };
  const upload = (bytes: number) => call('POST', '/api/uploads', formWith(jpegOf(bytes)));
  const keys = () => store.keys().map((key) => key.slice(key.lastIndexOf('/') + 1));

  it('what is deleted while it is out of reach goes when it is back', async () => {
    const { id, url } = (await upload(100)).json<Upload>();
    isDown.for = () => true;
    expect((await call('DELETE', url)).status).toBe(204);
    expect((await sendRequest(server.url, { path: url })).status).toBe(404);
    await waitUntil('an attempt', () => arrived.at(-1) === 'HEAD');
    expect(keys()).toEqual([id]);
    isDown.for = () => false;
    clock.advance(MINUTE);
    await waitUntil('the file to go', () => keys().length === 0);
  });

  it('who is refused hears why, also when the store does not delete', async () => {
    const first = (await upload(QUOTA - 100)).json<Upload>();
    isDown.for = ({ method }) => method === 'DELETE';
    const refused = await upload(200);
    expect([refused.status, refused.json()]).toMatchObject([
      409,
      { error: { code: 'UPLOAD_QUOTA_EXCEEDED' } },
    ]);
    expect(keys()).toHaveLength(2);
    isDown.for = () => false;
    clock.advance(HOUR);
    await waitUntil('the refused one to go', () => keys().length === 1);
    expect(keys()).toEqual([first.id]);
    await call('DELETE', first.url);
  });

  it('a file goes whose worker died before its row was there, and others stay', async () => {
    await waitUntil('what was', () => keys().length === 0);
    const orphan = (await upload(100)).json<Upload>();
    const kept = (await upload(100)).json<Upload>();
    const direct = await sendDirectly(jpegOf(100));
    const lost = (await call('POST', `/api/uploads/${direct.id}/confirm`)).json<Upload>();
    removeRows(join(dataDir, 'maque.db'), [orphan.id, lost.id]);
    clock.advance(HOUR - MINUTE);
    expect(keys()).toEqual(expect.arrayContaining([orphan.id, kept.id, lost.id]));
    clock.advance(MINUTE);
    await waitUntil('the orphans to go', () => !keys().includes(orphan.id) && !keys().includes(lost.id));
    expect(keys()).toContain(kept.id);
    await call('DELETE', kept.url);
  });

  it('nothing is copied of a file that is of no kind, however often it is confirmed', async () => {
    const { id } = await sendDirectly(Buffer.from('<!doctype html><script>alert(1)</script>'));
    arrived.length = 0;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call('POST', `/api/uploads/${id}/confirm`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([415]));
    expect(arrived.filter((method) => method === 'COPY')).toEqual([]);
  });

  /** By a ticket for a picture. */
  async function sendDirectly(content: Buffer): Promise<UploadTicket> {
    const asked = { name: 'a.jpg', bytes: content.length };
    const ticket = (await call('POST', '/api/uploads/tickets', asked)).json<UploadTicket>();
    const form = new FormData();
    for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value);
    form.append('file', new Blob([new Uint8Array(content)]), 'a.jpg');
    expect((await fetch(ticket.url, { method: 'POST', body: form })).ok).toBe(true);
    return ticket;
  }
});

/** What lies between a server and its store. @param isOpen whether a request gets through; others are cut off. */
async function startLine(
  to: string,
  isOpen: (request: IncomingMessage) => boolean,
): Promise<AsyncDisposable & { readonly url: string }> {
  const line = createServer((incoming, response) => {
    if (!isOpen(incoming)) return void incoming.socket.destroy();
    const { method, url, headers } = incoming;
    const outgoing = sendOn(new URL(url ?? '/', to), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      line.closeAllConnections();
      await new Promise((resolve) => line.close(resolve));
    },
  };
}

/** As if they had not come to be. */
function removeRows(file: string, ids: readonly string[]): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    const remove = database.prepare('delete from maque_uploads where id = ?');
    for (const id of ids) expect(remove.run(id).changes).toBe(1);
  } finally {
    database.close();
  }
}
