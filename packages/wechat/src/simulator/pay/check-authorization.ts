import { MINUTE } from '@maque/kit';
import { BoundedMap } from '../bounded-map.ts';
import type { SimulatorClock } from '../movable-clock.ts';
import { type PayKeyring, signedText } from './pay-keyring.ts';
import { refuse } from './pay-refusal.ts';
import type { PayRequest, WholePayRequest } from './pay-request.ts';

const MAX_CLOCK_DIFFERENCE = 5 * MINUTE;

// Those of five minutes at 16 calls a second, some 0.6 MiB; a forgotten one may be used again.
const REMEMBERED_NONCES = 5_000;

const SCHEME = /^WECHATPAY2-SHA256-RSA2048 +(.+)$/;

/** Checks who signed a request, what and when. */
export class AuthorizationCheck {
  readonly #nonces = new BoundedMap<true>(REMEMBERED_NONCES);
  readonly #keyring: PayKeyring;
  readonly #clock: SimulatorClock;

  constructor(keyring: PayKeyring, clock: SimulatorClock) {
    this.#keyring = keyring;
    this.#clock = clock;
  }

  /** @throws PayRefusal 401 SIGN_ERROR with what is wrong, as WeChat says it */
  check(request: WholePayRequest): void {
    const { mchid, nonce_str: nonce, timestamp, serial_no: serial, signature } = readFields(request);
    if (mchid !== this.#keyring.mchId) throw refuse('merchant unknown');
    if (serial !== this.#keyring.keys.merchantSerial)
      throw refuse('serial unknown', place('serial_no', serial));
    this.#checkTime(timestamp);
    const text = signedText(request.method, request.url, timestamp, nonce, request.body);
    if (!this.#keyring.isMerchants(text, signature)) throw wrongSignature(request, text, signature);
    if (this.#nonces.get(nonce)) throw refuse('nonce repeated', place('nonce_str', nonce));
    this.#nonces.set(nonce, true);
  }

  #checkTime(timestamp: string): void {
    const difference = Math.abs(Number(timestamp) * 1000 - this.#clock.told());
    if (!/^\d+$/.test(timestamp) || difference > MAX_CLOCK_DIFFERENCE) {
      throw refuse('clock off', place('timestamp', timestamp));
    }
  }
}

const FIELDS = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'] as const;

/** Each field once, in any order. */
function readFields({ headers }: PayRequest): Readonly<Record<(typeof FIELDS)[number], string>> {
  const { authorization } = headers;
  if (authorization === undefined) throw refuse('authorization missing');
  const list = SCHEME.exec(authorization)?.[1] ?? '';
  const fields = new Map<string, string>();
  for (const part of list.split(',')) {
    const [, name = '', value = ''] = /^ *(\w+)="([^"]{1,512})" *$/.exec(part) ?? [];
    fields.set(name, value);
  }
  if (fields.size !== FIELDS.length || FIELDS.some((name) => !fields.has(name))) {
    throw refuse('authorization malformed');
  }
  return Object.fromEntries(fields) as Record<(typeof FIELDS)[number], string>;
}

function place(field: string, value: string) {
  return { location: 'authorization', field, value };
}

/** WeChat shows what it thinks was signed: with it, a developer finds the byte that differs. */
function wrongSignature({ method, url }: PayRequest, text: Buffer, signature: string) {
  return refuse('signature wrong', {
    detail: { issue: 'sign not match' },
    ...place('signature', signature),
    sign_information: {
      method,
      url,
      truncated_sign_message: text.toString('utf8').slice(0, 200),
      sign_message_length: text.length,
    },
  });
}
