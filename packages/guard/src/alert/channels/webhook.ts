import { createHmac } from 'node:crypto';
import { type Clock, MINUTE, SECOND } from '@maque/kit';
import type { AlertMessage } from '../alert-message.ts';
import type { Channel } from '../channel.ts';
import { readAddress } from './address.ts';
import { httpFault } from './http-verdict.ts';

/**
 * Any server that takes JSON. With a secret each request carries `x-maque-timestamp` (seconds) and `x-maque-signature`,
 * the hexadecimal HMAC-SHA256 of `<timestamp>.<body>`: a receiver compares it in constant time and refuses what is older
 * than five minutes. The `id` of a message stays the same when it is sent again.
 */
export interface WebhookOptions {
  readonly type: 'webhook';
  readonly url: string;
  readonly secret?: string;
}

/** @throws CodedError ALERT_ADDRESS_INVALID, ALERT_ADDRESS_INSECURE. */
export function createWebhook({ url: text, secret }: WebhookOptions, clock: Clock): Channel {
  const url = readAddress('webhook', text, 'https://…');
  return {
    name: 'webhook',
    // Nobody states a limit here; one a second is what a small receiver can take.
    limits: [{ count: 60, windowMs: MINUTE }],
    async send(message, signal) {
      const body = JSON.stringify(webhookBody(message));
      const headers = secret === undefined ? {} : signatureHeaders(body, secret, clock.now());
      const { postJson } = await import('../post-json.ts');
      const fault = httpFault('webhook', await postJson('webhook', url, body, signal, headers));
      if (fault !== undefined) throw fault;
    },
  };
}

function webhookBody({ id, kind, severity, source, atMs, title, text, events }: AlertMessage): object {
  const alerts = events.map(({ atMs, sinceMs, ...event }) => ({
    ...event,
    at: new Date(atMs).toISOString(),
    since: new Date(sinceMs).toISOString(),
  }));
  return { version: 1, id, kind, severity, source, at: new Date(atMs).toISOString(), title, text, alerts };
}

function signatureHeaders(body: string, secret: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / SECOND));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-maque-timestamp': timestamp, 'x-maque-signature': signature };
}
