import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CodedError } from '@maque/kit';
import { createManualClock, HOUR, MINUTE, systemClock } from '@maque/kit';
import { describeFileStore } from '@maque/testkit/conformance/file-store-conformance';
import type { ObjectStoreKind } from '@maque/wechat/object-store';
import { createObjectStoreSimulator } from '@maque/wechat/simulator';
import { describe, expect, it } from 'vitest';
import { openObjectFileStore } from './object-file-store.ts';

const ACCOUNT = { bucket: 'shop-1250000000', region: 'cn-hangzhou', keyId: 'AKID', keySecret: 'the-secret' };

const BYTE = { maxBytes: 1, contentType: () => 'image/jpeg' };

async function open(kind: ObjectStoreKind, changes: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'maque-arriving-'));
  const simulator = await createObjectStoreSimulator({ kind, ...ACCOUNT, clock: systemClock, ...changes });
  const told: CodedError[] = [];
  const store = await openObjectFileStore({
    ...{ kind, ...ACCOUNT, folder, endpoint: simulator.url, clock: systemClock },
    attention: (error) => void told.push(error),
    ...changes,
  });
  return {
    store,
    simulator,
    told,
    strayBytes: async () => (await readdir(join(folder, 'arriving'))).length,
    remove: async () => {
      await simulator.close().catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const KINDS = ['cos', 'oss', 's3'] as const;
for (const kind of KINDS) describeFileStore(kind, () => open(kind));

describe.each(KINDS)('files in %s', (kind) => {
  it('are out of reach for their users, and why is told to the operator alone', async () => {
    const { store, simulator, told, remove } = await open(kind);
    await simulator.close();
    const failure = expect.objectContaining({ code: 'FILE_STORE_UNAVAILABLE', status: 503 });
    await expect(store.stat('a')).rejects.toEqual(failure);
    const put = store.put('a', (async function* () {})(), BYTE);
    await expect(put).rejects.toEqual(failure);
    expect(told.map(({ code }) => code)).toEqual(['STORE_UNREACHABLE', 'STORE_UNREACHABLE']);
    await remove();
  });

  it('and so they are with a wrong secret, of which nobody hears', async () => {
    const right = await open(kind);
    const { store, told, remove } = await open(kind, {
      endpoint: right.simulator.url,
      keySecret: 'wrong-secret',
    });
    await expect(store.open('a')).rejects.toMatchObject({ code: 'FILE_STORE_UNAVAILABLE' });
    expect(told.map(({ code }) => code)).toEqual(['STORE_DENIED']);
    expect(JSON.stringify([told, told[0]?.message, told[0]?.stack])).not.toContain('wrong-secret');
    await remove();
    await right.remove();
  });

  it('and so they are when they break off on the way', async () => {
    const cutting = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 2_000 });
      response.write('begin', () => response.destroy());
    }).listen(0, '127.0.0.1');
    await once(cutting, 'listening');
    const endpoint = `http://127.0.0.1:${(cutting.address() as AddressInfo).port}`;
    const { store, told, remove } = await open(kind, { endpoint });
    const opened = await store.open('a');
    await expect(opened?.content.toArray()).rejects.toMatchObject({ code: 'FILE_STORE_UNAVAILABLE' });
    expect(told.map(({ code }) => code)).toEqual(['STORE_UNREACHABLE']);
    await remove();
    cutting.closeAllConnections();
    cutting.close();
  });

  it('have the same link for an hour, which is good for another', async () => {
    const clock = createManualClock();
    const { store, remove } = await open(kind, { clock });
    const link = () => store.direct?.link('a', { disposition: 'inline' });
    const first = link();
    expect(first?.freshMs).toBe(HOUR);
    clock.advance(HOUR - 1);
    expect(link()).toEqual({ url: first?.url, freshMs: MINUTE });
    await store.put('a', (async function* () {})(), BYTE);
    clock.advance(HOUR);
    expect((await fetch(first?.url ?? '')).status).toBe(200);
    clock.advance(MINUTE);
    expect((await fetch(first?.url ?? '')).status).toBe(403);
    expect(link()?.url).not.toBe(first?.url);
    await remove();
  });

  it('are linked to until the time that was told, and no longer', async () => {
    const clock = createManualClock();
    const { store, remove } = await open(kind, { clock });
    await store.put('a', (async function* () {})(), BYTE);
    const endsAtMs = clock.now() + 10 * MINUTE;
    const link = store.direct?.link('a', { disposition: 'inline', endsAtMs });
    expect(link?.freshMs).toBe(10 * MINUTE);
    expect((await fetch(link?.url ?? '')).status).toBe(200);
    clock.advance(11 * MINUTE);
    expect((await fetch(link?.url ?? '')).status).toBe(403);
    await remove();
  });

  it.runIf(kind !== 's3')('are made smaller by an address that the store signs, too', async () => {
    const { store, remove } = await open(kind);
    await store.put('a', (async function* () {})(), BYTE);
    const { direct } = store;
    expect(direct?.makesThumbnails).toBe(true);
    const link = direct?.link('a', { disposition: 'inline', thumbnailPixels: 320 });
    const query = decodeURIComponent(new URL(link?.url ?? '').search);
    expect(query).toContain(
      kind === 'cos'
        ? 'imageMogr2/auto-orient/thumbnail/320x320>'
        : 'x-oss-process=image/auto-orient,1/resize,m_lfit,w_320,h_320',
    );
    expect((await fetch(link?.url ?? '')).status).toBe(200);
    const other = link?.url.replaceAll('320', '640') ?? '';
    expect((await fetch(other)).status).toBe(403);
    await remove();
  });

  it.runIf(kind === 's3')('are made smaller by the server', async () => {
    const { store, remove } = await open(kind);
    expect(store.direct?.makesThumbnails).toBe(false);
    await remove();
  });
});
