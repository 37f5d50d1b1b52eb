import { callApi, logIn } from '@maque/testkit/process/api-client';
import { type RunningMaque, startMaque, statusOf } from '@maque/testkit/process/start-maque';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MIB = 1024 * 1024;

let shop: RunningMaque;
let tokens: string[];
beforeAll(async () => {
  // A dozen users send what hundreds would.
  const env = { MAQUE_RATE_LIMIT_USER: '0' };
  shop = await startMaque({ args: ['--memory', '512M', '--workers', '2'], env });
  tokens = await Promise.all(Array.from({ length: 12 }, (_, user) => logIn(shop.url, `demo-${user}`)));
});
afterAll(() => shop[Symbol.asyncDispose]());

/** The most that all processes together use until the work is done. */
async function peakWhile<T>(work: Promise<T>): Promise<{ outcome: T; peak: number; budget: number }> {
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  let peak = 0;
  let budget = 0;
  do {
    const status = await statusOf(shop);
    peak = Math.max(peak, status.used);
    budget = status.budget;
  } while (!isDone);
  return { outcome: await ended, peak, budget };
}

const tally = (statuses: readonly number[]) => [...new Set(statuses)].sort();

it('many large bodies at once stay inside the budget, and no order has to wait for them', async () => {
  const [token] = tokens;
  const [product] = (await callApi(shop.url, '/api/products?sort=-stock&limit=1')).json().items;
  const large = JSON.stringify({ items: [], note: 'x'.repeat(MIB - 100) });
  const small = { items: [{ productId: product.id, quantity: 1 }] };
  const post = async (body: unknown) => (await callApi(shop.url, '/api/orders', { token, body })).status;

  const rounds = async () => {
    const statuses: { large: number[]; small: number[] } = { large: [], small: [] };
    for (let round = 0; round < 4; round += 1) {
      const flood = Array.from({ length: 100 }, () => post(large));
      const orders = Array.from({ length: 10 }, () => post(small));
      statuses.small.push(...(await Promise.all(orders)));
      statuses.large.push(...(await Promise.all(flood)));
    }
    return statuses;
  };
  const { outcome, peak, budget } = await peakWhile(rounds());
  // Read and found wanting, or not read at all.
  expect(tally(outcome.large)).toEqual([400, 503]);
  expect(tally(outcome.small)).toEqual([201]);
  expect(peak).toBeLessThan(budget);
});

it('many files at once stay inside the budget too, and come back as they were', async () => {
  const content = Buffer.alloc(8 * MIB, 'sparrow ');
  content.set([0xff, 0xd8, 0xff]);
  const send = async (index: number) => {
    const form = new FormData();
    form.append('file', new Blob([content]), 'photo.jpg');
    const headers = { authorization: `Bearer ${tokens[index % tokens.length]}` };
    const answer = await fetch(`${shop.url}/api/uploads`, { method: 'POST', headers, body: form });
    return { status: answer.status, upload: (await answer.json()) as { url: string } };
  };
  const { outcome, peak, budget } = await peakWhile(
    Promise.all(Array.from({ length: 60 }, (_, index) => send(index))),
  );
  const kept = outcome.filter(({ status }) => status === 201);
  expect(kept.length).toBeGreaterThan(0);
  expect(tally(outcome.map(({ status }) => status)).filter((status) => ![201, 503].includes(status))).toEqual(
    [],
  );
  expect(peak).toBeLessThan(budget);

  const loaded = await fetch(`${shop.url}${kept[0]?.upload.url}`);
  expect(loaded.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await loaded.arrayBuffer()).equals(content)).toBe(true);
});

it('a picture is uploaded, shown as the own one, and deleted for every worker', async () => {
  const [token] = tokens;
  const form = new FormData();
  form.append('file', new Blob([Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00;', 'latin1')]), 'a.gif');
  const headers = { authorization: `Bearer ${token}` };
  const sent = await fetch(`${shop.url}/api/uploads`, { method: 'POST', headers, body: form });
  const { url } = (await sent.json()) as { url: string };
  // As wx.request sends a PATCH.
  const changed = await callApi(shop.url, '/api/me', {
    token,
    headers: { 'x-http-method-override': 'PATCH' },
    body: { avatarUrl: url },
  });
  expect(changed.json()).toMatchObject({ avatarUrl: url });

  const statuses = () =>
    Promise.all(Array.from({ length: 10 }, async () => (await callApi(shop.url, url)).status));
  expect(tally(await statuses())).toEqual([200]);
  // As wx.request sends a DELETE: with a content type and nothing in it.
  const remove = { method: 'DELETE', token, headers: { 'content-type': 'application/json' } };
  expect((await callApi(shop.url, url, remove)).status).toBe(204);
  expect(tally(await statuses())).toEqual([404]);
});
