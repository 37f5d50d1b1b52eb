import type { Clock } from '@maque/kit';
import { authorization, freshNonce, type Signer, timestampOf } from '../signature/sign.ts';

// WeChat Pay refuses calls without one.
const USER_AGENT = `maque-wechat (node ${process.versions.node})`;

interface SignedCall {
  readonly method: 'GET' | 'POST';
  /** Without a slash at its end. */
  readonly host: string;
  readonly pathAndQuery: string;
  /** The very text that is signed and sent; empty for GET. */
  readonly body: string;
  /** Which key the answer should be signed with, by its id. */
  readonly answerSerial: string | undefined;
  readonly signal: AbortSignal;
}

export interface SendOptions {
  readonly signer: Signer;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

/** Signs a request, with a nonce and a time of its own, and sends it. @throws what `fetch` throws. */
export async function sendSigned(call: SignedCall, options: SendOptions): Promise<Response> {
  const signed = {
    method: call.method,
    pathAndQuery: call.pathAndQuery,
    body: call.body,
    timestamp: timestampOf(options.clock.now()),
    nonce: freshNonce(),
  };
  return options.fetch(call.host + call.pathAndQuery, {
    method: call.method,
    headers: {
      accept: 'application/json',
      authorization: authorization(signed, options.signer),
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...(call.answerSerial === undefined ? {} : { 'wechatpay-serial': call.answerSerial }),
    },
    // WeChat Pay does not redirect; a signature is for the one who was asked.
    redirect: 'error',
    signal: call.signal,
    ...(call.body === '' ? {} : { body: call.body }),
  });
}
