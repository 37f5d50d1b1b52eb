import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock, DAY, MINUTE } from '@maque/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createObjectStoreSimulator, type ObjectStoreSimulator } from '../simulator/object-store/index.ts';
import { createObjectStore } from './create-object-store.ts';
import { createOssCallbackVerifier, type OssCallback, type OssCallbackVerifier } from './oss-callback.ts';

const account = {
  kind: 'oss',
  bucket: 'shop',
  region: 'cn-hangzhou',
  keyId: 'LTAI',
  keySecret: 'secret',
} as const;
const clock = createManualClock();
let simulator: ObjectStoreSimulator;
let fetched: string[];
let verify: OssCallbackVerifier;
let answer: { status: number; body: string };
let arrived: OssCallback | undefined;
const opened = new AsyncDisposableStack();

const countingFetch: typeof fetch = (input, init) => {
  fetched.push(String(input));
  return fetch(input, init);
};

/** Our side: answers callbacks, and remembers the last one. */
const receiver = createServer(async (request, response) => {
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  arrived = { ...headOf(request), body };
  response.writeHead((await verify(arrived)) ? answer.status : 403);
  response.end(answer.body);
});

beforeEach(async () => {
  simulator = await createObjectStoreSimulator({ ...account, clock });
  fetched = [];
  verify = createOssCallbackVerifier({
    fetch: countingFetch,
    clock,
    trustedKeyPrefix: simulator.callbackKeyPrefix,
  });
  answer = { status: 200, body: '{"id":"头像"}' };
  if (!receiver.listening) {
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    opened.defer(() => new Promise<void>((resolve) => void receiver.close(() => resolve())));
  }
});
afterEach(() => simulator.close());

async function upload(path = '/uploads/callback%20%E8%8C%B6?shop=1&x=%20') {
  const store = createObjectStore({ ...account, endpoint: simulator.url, clock, fetch });
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;
  const { url: action, fields } = store.postForm({
    ...{ key: 'u/茶 1.jpg', maxBytes: 100, contentType: 'image/jpeg', expiresInMs: MINUTE },
    callback: {
      url,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of OSS
      body: 'bucket=${bucket}&object=${object}&size=${size}&mimeType=${mimeType}&uid=${x:uid}',
      variables: { 'x:uid': '42 & 43' },
    },
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob(['a picture']), 'a.jpg');
  const response = await fetch(action, { method: 'POST', body: form });
  return { status: response.status, text: await response.text() };
}

it('tells us what has arrived, and the sender what we say of it', async () => {
  expect(await upload()).toEqual({ status: 200, text: '{"id":"头像"}' });
  const told = new URLSearchParams(Buffer.from(arrived?.body ?? []).toString());
  expect(Object.fromEntries(told)).toEqual({
    bucket: 'shop',
    object: 'u/茶 1.jpg',
    size: '9',
    mimeType: 'image/jpeg',
    uid: '42 & 43',
  });
});

it('keeps the object when we fail, and tells the sender', async () => {
  answer = { status: 500, body: '{}' };
  const failed = await upload();
  expect(failed.status).toBe(203);
  expect(failed.text).toContain('<Code>CallbackFailed</Code>');
  answer = { status: 200, body: '<html>' };
  expect((await upload()).status).toBe(203);
  expect(simulator.keys()).toEqual(['u/茶 1.jpg']);
});

it('is verified with a key that is fetched once a day', async () => {
  await Promise.all([upload(), upload(), upload('/')]);
  await upload();
  expect(fetched).toEqual([`${simulator.callbackKeyPrefix}callback_pub_key_v1.pem`]);
  clock.advance(DAY);
  await upload();
  expect(fetched).toHaveLength(2);
});

it('keeps its key whatever others name as theirs', async () => {
  await upload();
  const good = arrived as OssCallback;
  for (let id = 0; id < 20; id += 1) {
    const url = Buffer.from(`${simulator.callbackKeyPrefix}${id}.pem`).toString('base64');
    expect(await verify({ ...good, headers: { ...good.headers, 'x-oss-pub-key-url': url } })).toBe(false);
  }
  fetched = [];
  expect(await verify(good)).toBe(true);
  expect(fetched).toEqual([]);
});

it('is not believed when anything of it is changed', async () => {
  await upload();
  const good = arrived as OssCallback;
  expect(await verify(good)).toBe(true);
  const { headers } = good;
  const forged: Partial<OssCallback>[] = [
    { body: Buffer.from(good.body.toString().replace('size=9', 'size=8')) },
    { body: Buffer.concat([good.body, Buffer.from('\n')]) },
    { url: good.url.replace('shop=1', 'shop=2') },
    { url: '/uploads/%zz' },
    { method: 'GET' },
    { headers: { ...headers, authorization: undefined } },
    { headers: { ...headers, authorization: 'AAAA' } },
    { headers: { ...headers, 'x-oss-pub-key-url': undefined } },
  ];
  for (const change of forged) expect(await verify({ ...good, ...change })).toBe(false);
});

it('asks only the place of OSS for its key, over TLS, and seldom for one that is not there', async () => {
  await upload();
  fetched = [];
  const strict = createOssCallbackVerifier({
    clock,
    fetch: async (input) => {
      fetched.push(String(input));
      return new Response('no such key', { status: 404 });
    },
  });
  const naming = (url: string) => ({
    ...(arrived as OssCallback),
    headers: { ...arrived?.headers, 'x-oss-pub-key-url': Buffer.from(url).toString('base64') },
  });
  const refused = [
    `${simulator.callbackKeyPrefix}callback_pub_key_v1.pem`,
    'https://gosspublic.alicdn.com.evil.com/key.pem',
    'https://gosspublic.alicdn.com@evil.com/key.pem',
    'https://evil.com/https://gosspublic.alicdn.com/key.pem',
    'file:///etc/passwd',
  ];
  for (const url of refused) expect(await strict(naming(url))).toBe(false);
  expect(fetched).toEqual([]);

  const real = naming('http://gosspublic.alicdn.com/callback_pub_key_v1.pem');
  for (let again = 0; again < 5; again += 1) expect(await strict(real)).toBe(false);
  expect(fetched).toEqual(['https://gosspublic.alicdn.com/callback_pub_key_v1.pem']);
  clock.advance(MINUTE);
  await strict(real);
  expect(fetched).toHaveLength(2);

  const many = Array.from({ length: 50 }, (_, id) => strict(naming(`https://gosspublic.alicdn.com/${id}`)));
  expect(await Promise.all(many)).toEqual(Array(50).fill(false));
  expect(fetched).toHaveLength(6);
});

it('takes no endless answer for a key', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 4_096;
      controller.enqueue(new Uint8Array(4_096));
    },
  });
  const bounded = createOssCallbackVerifier({ clock, fetch: async () => new Response(endless) });
  await upload();
  const url = Buffer.from('https://gosspublic.alicdn.com/endless').toString('base64');
  const headers = { ...arrived?.headers, 'x-oss-pub-key-url': url };
  expect(await bounded({ ...(arrived as OssCallback), headers })).toBe(false);
  expect(sent).toBeLessThan(32 * 1_024);
});

it('lets go of its port', () => opened.disposeAsync());

function headOf({ method = '', url = '', headers }: IncomingMessage) {
  return { method, url, headers };
}
