import { renderPrometheus } from '@maque/guard';
import { createManualClock, KiB, MINUTE, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSmallServer } from '../../../testing/small-server.ts';
import { limitRequests } from './limit-requests.ts';
import { networkOf } from './network-of.ts';
import { RateLimiter } from './rate-limiter.ts';

describe('a rate limit', () => {
  it('lets ten seconds worth through at once, then as many as come by, and says when to come back', () => {
    const clock = createManualClock();
    const limiter = new RateLimiter({ perMinute: { user: 60, ip: 0, login: 0 }, clock });
    const taken = () =>
      Array.from({ length: 20 }, () => limiter.take('user', 'ann')).filter((one) => !one).length;
    expect(taken()).toBe(10);
    const refusal = limiter.take('user', 'ann');
    expect([refusal?.code, refusal?.status, refusal?.retryAfterSeconds]).toEqual([
      'TOO_MANY_REQUESTS',
      429,
      1,
    ]);
    expect(limiter.take('user', 'bob')).toBeUndefined();
    clock.advance(3 * SECOND);
    expect(taken()).toBe(3);
    clock.advance(MINUTE);
    expect(taken()).toBe(10);
    expect(limiter.take('ip', 'anybody')).toBeUndefined();
  });

  it('never lets more through than burst and rate give, whenever they come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.array(fc.nat(5_000), { maxLength: 200 }),
        (perMinute, gaps) => {
          const clock = createManualClock();
          const limiter = new RateLimiter({ perMinute: { user: perMinute, ip: 0, login: 0 }, clock });
          let [passed, elapsedMs] = [0, 0];
          for (const gap of gaps) {
            clock.advance(gap);
            elapsedMs += gap;
            if (limiter.take('user', 'ann') === undefined) passed += 1;
          }
          expect(passed).toBeLessThanOrEqual(
            Math.ceil(perMinute / 6) + (elapsedMs * perMinute) / MINUTE + 1e-6,
          );
        },
      ),
    );
  });

  it('counts a batch as its operations, and lets one in whose caller owes nothing, however large', () => {
    const clock = createManualClock();
    const limiter = new RateLimiter({ perMinute: { user: 60, ip: 0, login: 0 }, clock });
    const batch = (operations: number) =>
      limiter.take('user', 'ann') ?? limiter.takeMore('user', 'ann', operations - 1);
    expect([batch(4), batch(4)]).toEqual([undefined, undefined]);
    // Two of ten are left.
    expect(batch(100)).toBeUndefined();
    expect(limiter.take('user', 'ann')?.retryAfterSeconds).toBe(99);
    clock.advance(98 * SECOND);
    expect(limiter.take('user', 'ann')?.retryAfterSeconds).toBe(1);
    clock.advance(SECOND);
    expect(limiter.take('user', 'ann')).toBeUndefined();
  });

  it('remembers callers within its bound, whatever the flood', () => {
    const limiter = new RateLimiter({
      perMinute: { user: 0, ip: 60, login: 0 },
      clock: createManualClock(),
      maxBytes: 16 * KiB,
    });
    for (let number = 0; number < 5_000; number += 1)
      limiter.take('ip', `10.0.${number >> 8}.${number & 255}`);
    const text = renderPrometheus(limiter.metrics());
    const told = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    expect(told('maque_rate_limit_bytes')).toBeLessThanOrEqual(16 * KiB);
    expect(told('maque_rate_limit_callers')).toBeGreaterThan(50);
  });
});

it.each([
  ['127.0.0.1', undefined],
  ['::1', undefined],
  ['::ffff:127.0.0.1', undefined],
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the network of %s is %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

it('counts users by who they are, others by address, and leaves staff, WeChat and probes alone', async () => {
  const limiter = new RateLimiter({
    perMinute: { user: 60, ip: 30, login: 12 },
    clock: createManualClock(),
  });
  await using server = await startSmallServer(
    (routes) => {
      limitRequests(routes, limiter);
      for (const url of [
        '/api/things',
        '/api/login/wechat',
        '/api/wechat/push',
        '/api/admin/x',
        '/healthz',
      ]) {
        const auth = url.startsWith('/api/admin') ? 'admin' : 'optional';
        routes.get(url, { config: { auth } }, async () => ({}));
      }
      routes.post('/api/batch', { config: { auth: 'optional' } }, async () => ({}));
    },
    { trustedProxy: ['127.0.0.1'] },
  );
  const passed = async (path: string, headers: Record<string, string>) => {
    const answers = await Promise.all(
      Array.from({ length: 15 }, () => fetch(`${server.url}${path}`, { headers })),
    );
    const refused = answers.find(({ status }) => status === 429);
    if (refused !== undefined) expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    return answers.filter(({ status }) => status === 200).length;
  };
  const from = (ip: string) => ({ 'x-forwarded-for': ip });
  const as = (token: string, ip: string) => ({ ...from(ip), authorization: `Bearer ${token}` });
  expect(await passed('/api/things', from('203.0.113.1'))).toBe(5);
  expect(await passed('/api/things', from('203.0.113.2'))).toBe(5);
  expect(await passed('/api/things', as('ann', '203.0.113.1'))).toBe(10);
  expect(await passed('/api/login/wechat', from('203.0.113.1'))).toBe(2);
  expect(await passed('/api/things', as('root', '203.0.113.1'))).toBe(15);
  expect(await passed('/api/admin/x', as('root', '203.0.113.1'))).toBe(15);
  expect(await passed('/api/wechat/push', from('203.0.113.1'))).toBe(15);
  expect(await passed('/healthz', from('203.0.113.1'))).toBe(15);
  const batch = (operations: number, headers: Record<string, string>) =>
    fetch(`${server.url}/api/batch`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ operations: Array.from({ length: operations }, () => ({})) }),
    }).then(({ status }) => status);
  const anonymous = from('203.0.113.9');
  expect([await batch(20, anonymous), await batch(1, anonymous)]).toEqual([200, 429]);
  const staff = as('root', '203.0.113.9');
  expect([await batch(100, staff), await batch(100, staff)]).toEqual([200, 200]);
  // Nobody knows who is behind a proxy that is not trusted.
  expect(await passed('/api/things', {})).toBe(15);
});
