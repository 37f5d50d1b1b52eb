import { alertErrors } from '../alert-errors.ts';
import type { ChannelName } from '../channel.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Reads the address of a channel.
 * @param expected what a right one looks like, for the error; the wrong one is not told, since it may hold a secret.
 * @throws CodedError ALERT_ADDRESS_INVALID, or ALERT_ADDRESS_INSECURE when it is neither encrypted nor on this machine.
 */
export function readAddress(
  channel: ChannelName,
  text: string,
  expected: string,
  [secure, plain]: readonly [string, string] = ['https:', 'http:'],
): URL {
  // Options may come from JavaScript, where `undefined` would make an address like any word.
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (url === null || (url.protocol !== secure && url.protocol !== plain) || url.hostname === '') {
    throw alertErrors.ALERT_ADDRESS_INVALID({ data: { channel, expected } });
  }
  // SMTP has no such rule: there `smtp:` begins in the clear and must go over to TLS before anything is said.
  if (plain === 'http:' && url.protocol === plain && !isLoopback(url)) {
    throw alertErrors.ALERT_ADDRESS_INSECURE({ data: { channel, expected: 'https' } });
  }
  return url;
}

/**
 * Reads what people copy from a bot's page: its whole address, or only the secret part that ends `base`.
 * @param secretOf finds that part in an address.
 * @throws CodedError as `readAddress`.
 */
export function readBotAddress(
  channel: ChannelName,
  webhook: string,
  base: string,
  secretOf: (url: URL) => string | null | undefined,
): { readonly url: URL; readonly secret: string } {
  const isBare = typeof webhook === 'string' && /^[\w-]+$/.test(webhook);
  const expected = `${base}…`;
  const url = readAddress(channel, isBare ? base + webhook : webhook, expected);
  const secret = secretOf(url);
  if (!secret) throw alertErrors.ALERT_ADDRESS_INVALID({ data: { channel, expected } });
  return { url, secret };
}

/** Whether what goes there does not leave this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.has(hostname);
}
