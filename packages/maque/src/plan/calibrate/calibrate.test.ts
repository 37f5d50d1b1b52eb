import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KiB, MiB, systemClock } from '@maque/kit';
import type { DetectedService } from '@maque/ops/plan';
import { expect, it } from 'vitest';
import { calibrate } from './calibrate.ts';
import type { CalibrationPlace } from './calibration-place.ts';
import { countRequests, haveAllTold, requestsBetween } from './count-requests.ts';
import { isOwnAddress } from './own-address.ts';
import { sendLoad } from './send-load.ts';

const metrics = (w1: number, w2: number) => `# TYPE maque_http_requests_total counter
maque_http_requests_total{worker="w1",route="GET /healthz"} 900
maque_http_requests_total{worker="w1",route="GET /api/products"} ${w1}
maque_http_requests_total{worker="w1",route="POST /api/orders"} 10
maque_http_requests_total{worker="w2",route="GET /api/products"} ${w2}
maque_http_request_errors_total{worker="w2",route="GET /api/products"} 7
`;

/** A process in /proc, whose name is as bad as names may be. */
const stat = (ticks: number) => `7 (a) b (c) S 1 7 7 0 -1 4194304 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 5`;
const rollup = (mb: number) => `Rss: 1 kB\nPss: ${mb * 1024} kB\n`;

/** A box that is looked at twice: each file is what it is at first, and then what it has become. */
function box(files: Readonly<Record<string, readonly [before: string, after: string]>>) {
  const looks = new Map<string, number>();
  return {
    nowMs: Date.UTC(2026, 4, 1),
    async read(path: string) {
      const texts = files[path];
      if (texts === undefined) return { kind: 'absent' };
      const look = looks.get(path) ?? 0;
      looks.set(path, look + 1);
      return { kind: 'value', value: texts[Math.min(look, 1)] };
    },
    wait: async () => {},
  } as unknown as CalibrationPlace['host'];
}

const detected: readonly DetectedService[] = [
  { service: { kind: 'maque', name: 'shop' }, pids: [7, 8], notes: [] },
  { service: { kind: 'nginx', name: 'nginx' }, pids: [9], notes: [] },
  { service: { kind: 'mariadb', name: 'mariadb' }, pids: [10], notes: [] },
];
const card = (sent: number) =>
  `Inter-| Receive\n    lo: 9 0 0 0 0 0 0 0 999999 0\n  eth0: 5 0 0 0 0 0 0 0 ${sent} 0\n`;

const MEMORY = 'MemTotal:        2048000 kB\nMemAvailable:    1638400 kB\n';

function place(counts: readonly string[], more: Partial<CalibrationPlace> = {}): CalibrationPlace {
  const files = {
    '/proc/7/stat': [stat(100), stat(150)],
    '/proc/8/stat': [stat(100), stat(150)],
    '/proc/9/stat': [stat(5), stat(15)],
    '/proc/10/stat': [stat(5), stat(6)],
    '/proc/7/smaps_rollup': [rollup(50), rollup(60)],
    '/proc/8/smaps_rollup': [rollup(50), rollup(60)],
    '/proc/9/smaps_rollup': [rollup(10), rollup(10)],
    '/proc/10/smaps_rollup': [rollup(80), rollup(80)],
    '/proc/net/dev': [card(1_000), card(1_000 + 1_000 * 14 * KiB)],
    '/proc/meminfo': [MEMORY, MEMORY],
  } as const;
  const left = [...counts];
  return {
    host: box(files),
    clock: systemClock,
    detected,
    keeper: { pids: [7, 8], metrics: async () => left.shift() ?? '' },
    durationMs: 1,
    load: undefined,
    ...more,
  };
}

it('counts what users asked for, by worker, and knows when a count began anew', () => {
  expect([...countRequests(metrics(5, 6))]).toEqual([
    ['w1', 15],
    ['w2', 6],
  ]);
  const before = countRequests(metrics(5, 6));
  expect(requestsBetween(before, countRequests(metrics(15, 16)))).toBe(20);
  expect(requestsBetween(before, countRequests(metrics(15, 2)))).toBeUndefined();
  expect(requestsBetween(new Map([['w1', 15]]), before)).toBeUndefined();
  const fresh = countRequests('maque_heap_used_bytes{worker="w1"} 7\nmaque_heap_used_bytes{worker="w2"} 7\n');
  expect(requestsBetween(fresh, before)).toBe(21);
  expect(requestsBetween(before, new Map([['w1', 20]]))).toBeUndefined();
});

it('says what a request costs: CPU of each, what goes out, and the most memory', async () => {
  const { calibration, requests, gap } = await calibrate(place([metrics(0, 0), metrics(600, 400)]));
  expect({ requests, gap }).toEqual({ requests: 1000, gap: undefined });
  expect(calibration).toMatchObject({
    measuredAt: '2026-05-01T00:00:00.000Z',
    // Two workers took half a second each, nginx a tenth; of MariaDB a single tick says nothing.
    cpuMicrosPerRequest: 1000,
    proxyCpuMicrosPerRequest: 100,
    answerBytes: 14 * KiB,
    // 400 MiB are in use, 210 of them by the services.
    osBytes: 190 * MiB,
    peakBytes: { shop: 120 * MiB, nginx: 10 * MiB, mariadb: 80 * MiB },
  });
  expect(calibration.databaseCpuMicrosPerRequest).toBeUndefined();
});

it('knows of many requests that a program has hardly anything to do with them', async () => {
  const { calibration } = await calibrate(place([metrics(0, 0), metrics(6_000, 4_000)]));
  expect(calibration.databaseCpuMicrosPerRequest).toBe(1);
  // There is none.
  expect(calibration.redisCpuMicrosPerRequest).toBeUndefined();
});

it('says why it does not know', async () => {
  const gapOf = async (one: CalibrationPlace) => (await calibrate(one)).gap;
  expect(await gapOf(place([metrics(0, 0), metrics(9, 9)]))).toBe('TOO_FEW');
  expect(await gapOf(place([metrics(50, 0), metrics(9, 900)]))).toBe('REPLACED');
  expect(await gapOf(place([], { keeper: undefined }))).toBe('NO_COUNT');
  const elsewhere = new URL('http://192.0.2.1/');
  expect(await gapOf(place([], { keeper: undefined, load: elsewhere }))).toBe('LOAD_ASTRAY');
  // Users who ask meanwhile are no proof that somebody else's server is ours.
  expect(await gapOf(place([metrics(0, 0), metrics(600, 400)], { load: elsewhere }))).toBe('LOAD_ASTRAY');
});

it('counts the requests of its own load, also where a worker is just starting, and none of a worker that was replaced', async () => {
  await using server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const load = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const starting = 'maque_keeper_workers{state="starting"} 1\nmaque_heap_used_bytes{worker="w1"} 7\n';
  const gapOf = async (...counts: string[]) => (await calibrate(place(counts, { load }))).gap;
  expect(await gapOf(starting, metrics(5, 0), metrics(5, 0), metrics(9, 6), '', '')).not.toBe('LOAD_ASTRAY');
  expect(await gapOf(metrics(5, 0), metrics(9, 0).replaceAll('"w1"', '"w3"'))).toBe('LOAD_ASTRAY');
});

it('knows that a worker has not told its count', () => {
  const silent = 'maque_keeper_worker_answers{worker="w1"} 0\n';
  expect(haveAllTold(silent)).toBe(false);
  expect(haveAllTold('maque_keeper_worker_answers{worker="w1"} 1\n')).toBe(true);
  expect(haveAllTold('maque_keeper_workers{state="starting"} 0\n')).toBe(true);
  expect(countRequests(silent).size).toBe(0);
});

it('knows its own addresses', async () => {
  for (const own of ['localhost', '127.0.0.1', '127.8.8.8', '[::1]'])
    expect(await isOwnAddress(own)).toBe(true);
  for (const other of ['192.0.2.1', '[2001:db8::1]', 'no-such-host.invalid'])
    expect(await isOwnAddress(other)).toBe(false);
});

it('waits for no answer that never ends, and takes a redirection for none', async () => {
  await using server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: 'http://192.0.2.1/' }).end();
    else setInterval(() => response.write('data: x\n\n'), 50).unref();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = (path: string) => new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const moved = await sendLoad({ url: url('/moved'), connections: 1, durationMs: 5_000, mostRequests: 3 });
  expect(moved).toMatchObject({ answered: 0, failed: 3 });
  const endless = await sendLoad({ url: url('/'), connections: 2, durationMs: 100, patienceMs: 100 });
  expect(endless).toMatchObject({ answered: 0, failed: 2 });
  expect(endless.seconds).toBeLessThan(2);
});

it('sends requests for so long, or so many, and gives up where all fail', async () => {
  await using server = createServer((request, response) => {
    response.statusCode = request.url === '/bad' ? 500 : 200;
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = (path: string) => new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const some = await sendLoad({ url: url('/'), connections: 1, durationMs: 10_000, mostRequests: 10 });
  expect(some).toMatchObject({ answered: 10, failed: 0 });
  const brief = await sendLoad({ url: url('/'), connections: 4, durationMs: 200 });
  expect(brief.answered).toBeGreaterThan(10);
  expect(brief.seconds).toBeLessThan(2);
  const bad = await sendLoad({ url: url('/bad'), connections: 2, durationMs: 10_000 });
  expect(bad.answered).toBe(0);
  expect(bad.failed).toBeLessThan(60);
});
