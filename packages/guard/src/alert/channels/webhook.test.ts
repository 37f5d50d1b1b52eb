import { createHmac, timingSafeEqual } from 'node:crypto';
import { createManualClock } from '@maque/kit';
import { type ReceivedPost, startReceiver } from '@maque/testkit/alerts/alert-receiver';
import { expect, it } from 'vitest';
import { alertMessage } from '../../../fixtures/alert-message.ts';
import { createWebhook } from './webhook.ts';

const clock = createManualClock(1_700_000_000_000);
const secret = 'a shared secret';
const signal = () => AbortSignal.timeout(5_000);

/** How a receiver checks a request. */
function isGenuine({ headers, body }: ReceivedPost): boolean {
  const timestamp = String(headers['x-maque-timestamp']);
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();
  const given = Buffer.from(String(headers['x-maque-signature']), 'hex');
  const isFresh = Math.abs(clock.now() / 1_000 - Number(timestamp)) < 300;
  return isFresh && given.length === expected.length && timingSafeEqual(given, expected);
}

it('posts JSON that is signed over its time and its body', async () => {
  await using receiver = await startReceiver((post) => ({ status: isGenuine(post) ? 204 : 401, body: '' }));
  await createWebhook({ type: 'webhook', url: `${receiver.origin}/alerts?team=1`, secret }, clock).send(
    alertMessage(),
    signal(),
  );
  expect(receiver.requests[0]?.url.search).toBe('?team=1');
  expect(JSON.parse(receiver.requests[0]?.body ?? '')).toEqual({
    version: 1,
    id: 'b7a0',
    kind: 'raised',
    severity: 'warning',
    source: { app: 'shop', environment: 'prod', host: 'web-1' },
    at: '2026-11-20T03:12:00.000Z',
    title: '🟡 [shop · prod · web-1] w1：堆内存即将用尽',
    text: '完整回收后仍占用 178 MiB',
    alerts: [],
  });
  const forged = createWebhook({ type: 'webhook', url: receiver.origin, secret: 'another' }, clock);
  await expect(forged.send(alertMessage(), signal())).rejects.toMatchObject({ code: 'ALERT_REFUSED' });
});

it.each([
  [429, { 'retry-after': '120' }, 'ALERT_RATE_LIMITED', 120],
  [429, {}, 'ALERT_RATE_LIMITED', 60],
  [429, { 'retry-after': '999999' }, 'ALERT_RATE_LIMITED', 3_600],
  [503, { 'retry-after': '5' }, 'ALERT_RATE_LIMITED', 5],
  [503, {}, 'ALERT_UNREACHABLE', undefined],
  [408, {}, 'ALERT_UNREACHABLE', undefined],
  [404, {}, 'ALERT_REFUSED', undefined],
  [301, { location: 'https://example.com' }, 'ALERT_REFUSED', undefined],
])('takes a %i %j for %s', async (status, headers, code, retryAfterSeconds) => {
  await using receiver = await startReceiver(() => ({
    status,
    headers: headers as Record<string, string>,
    body: '',
  }));
  const channel = createWebhook({ type: 'webhook', url: receiver.origin }, clock);
  await expect(channel.send(alertMessage(), signal())).rejects.toMatchObject({ code, retryAfterSeconds });
});

it('goes to an encrypted address, or stays on this machine', () => {
  const open = (url: string) => () => createWebhook({ type: 'webhook', url }, clock);
  expect(open('https://example.com/alerts')).not.toThrow();
  expect(open('http://[::1]:9000/alerts')).not.toThrow();
  expect(open('http://example.com/alerts')).toThrow(/must be encrypted \(https\)/);
  expect(open('example.com')).toThrow(/https:\/\/… is expected/);
});
