import { RingBuffer } from '@maque/kit';
import type { PayBreak } from '../fault-types.ts';
import type { Faults } from '../faults.ts';
import { beginningOf } from '../own-text.ts';
import type { Reply } from '../reply.ts';
import { AuthorizationCheck } from './check-authorization.ts';
import { BillFile, type PayAnswer } from './pay-call.ts';
import { PayRefusal, refuse, refuseAsFault } from './pay-refusal.ts';
import type { PayRequest, WholePayRequest } from './pay-request.ts';
import { findPayRoute } from './pay-routes.ts';
import type { PayWorld } from './pay-world.ts';
import { createRequestId, signMessage } from './sign-message.ts';

interface PayApiOptions {
  readonly world: PayWorld;
  readonly faults: Faults;
  readonly random: () => number;
}

// What a developer scrolls through at most.
const REMEMBERED_CALLS = 200;

/** One call of WeChat Pay that reached the simulator. Holds no secret. */
export interface PayCallRecord {
  /** ISO 8601, UTC: what WeChat said the time was. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** What was answered: a code of WeChat Pay, `SUCCESS`, or how the answer was broken on purpose. */
  readonly outcome: string;
}

/** What becomes of a call: an answer after a while, or none at all. */
interface PayOutcome {
  readonly delayMs: number;
  /** Null when the connection is to break. */
  readonly reply: Reply | null;
}

interface Answered {
  readonly outcome: string;
  readonly reply: Reply | null;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** WeChat Pay over HTTP: who asks, what goes wrong on purpose, and the signature under the answer. */
export class PayApi {
  readonly #options: PayApiOptions;
  readonly #authorization: AuthorizationCheck;
  readonly #calls = new RingBuffer<PayCallRecord>(REMEMBERED_CALLS);

  constructor(options: PayApiOptions) {
    this.#options = options;
    this.#authorization = new AuthorizationCheck(options.world.keyring, options.world.clock);
  }

  /** @param origin under which address the caller knows the simulator */
  answer(request: PayRequest, origin: string): PayOutcome {
    const { faults, world } = this.#options;
    const [path = ''] = request.url.split('?', 1);
    const { delayMs, instead } = faults.takeForPay(path);
    const { outcome, reply } = this.#outcomeOf(request, origin, instead);
    const at = new Date(world.clock.told()).toISOString();
    this.#calls.push({ at, method: request.method, path: beginningOf(path, 100), outcome });
    return { delayMs, reply };
  }

  /** The last 200 calls, oldest first. */
  calls(): PayCallRecord[] {
    return [...this.#calls];
  }

  #outcomeOf(request: PayRequest, origin: string, fault: PayBreak | undefined): Answered {
    if (fault === undefined) return this.#run(request, origin);
    if (fault.afterEffect) this.#run(request, origin);
    return this.#broken(fault, request);
  }

  #run(request: PayRequest, origin: string): Answered {
    try {
      const answer = this.#handle(request, origin);
      if (answer instanceof BillFile) return { outcome: 'SUCCESS', reply: fileReply(answer) };
      const status = answer === undefined ? 204 : 200;
      const body = answer === undefined ? '' : JSON.stringify(answer);
      return { outcome: 'SUCCESS', reply: this.#signed(request, status, body, 0) };
    } catch (error) {
      if (!(error instanceof PayRefusal)) throw error;
      return this.#refused(error, request);
    }
  }

  #handle(request: PayRequest, origin: string): PayAnswer {
    const { body } = request;
    checkHeaders(request);
    if (body === null) throw refuse('body too large');
    this.#authorization.check({ ...request, body });
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const route = findPayRoute(request.method, pathname);
    if (route === undefined) throw refuse('resource unknown');
    const call = {
      number: route.number,
      query: Object.fromEntries(searchParams),
      body: parseBody({ ...request, body }),
      origin,
    };
    return route.handle(call, this.#options.world);
  }

  #refused({ facts }: PayRefusal, request: PayRequest): Answered {
    const { status, code, message, detail, fault } = facts;
    return {
      outcome: code,
      reply: this.#signed(request, status, JSON.stringify({ code, message, detail }), fault),
    };
  }

  #broken(fault: PayBreak, request: PayRequest): Answered {
    switch (fault.kind) {
      case 'pay-error':
        return this.#refused(refuseAsFault(fault.status, fault.code), request);
      case 'html': {
        const body = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
        return { outcome: 'html', reply: { status: fault.status ?? 502, contentType: 'text/html', body } };
      }
      case 'drop':
        return { outcome: 'drop', reply: null };
    }
  }

  /** With the key that the request names, or with the one that messages are signed with at present. */
  #signed({ headers }: PayRequest, status: number, body: string, fault: number): Reply {
    const { world, random } = this.#options;
    const { keyring, clock, behaviour } = world;
    const wanted = headers['wechatpay-serial'];
    const named = typeof wanted === 'string' ? keyring.named(wanted) : undefined;
    const usual = random() < behaviour().certificateShare ? keyring.certificateKey : keyring.publicKey;
    const signature = signMessage(body, { ...(named ?? usual), atMs: clock.told() });
    return {
      ...{ status, contentType: JSON_TYPE, body },
      headers: { 'request-id': createRequestId(fault), ...signature },
    };
  }
}

function fileReply({ bytes }: BillFile): Reply {
  return {
    ...{ status: 200, contentType: 'application/octet-stream', body: bytes },
    headers: { 'request-id': createRequestId(0) },
  };
}

function checkHeaders({ headers }: PayRequest): void {
  const { accept = '', 'user-agent': agent = '' } = headers;
  if (agent.trim() === '' || !/application\/json|\*\/\*/.test(accept)) throw refuse('headers missing');
}

function parseBody({ method, headers, body }: WholePayRequest): unknown {
  if (method === 'GET') return undefined;
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    throw refuse('body not JSON');
  }
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch {
    throw refuse('body not JSON');
  }
}
