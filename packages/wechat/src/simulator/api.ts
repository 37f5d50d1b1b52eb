import { RingBuffer, SECOND } from '@maque/kit';
import { Picture } from './api-handler.ts';
import { findRoute, runRoute } from './api-routes.ts';
import type { ApiBreak } from './fault-types.ts';
import type { Faults } from './faults.ts';
import { beginningOf } from './own-text.ts';
import { createRid, Refusal, writeRefusal } from './refusal.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { World } from './world.ts';

// What a developer scrolls through at most; 200 calls weigh some 60 KB.
const REMEMBERED_CALLS = 200;

/** A request for WeChat's API. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Null when it was too large to keep. */
  readonly body: string | null;
  readonly callerIp: string;
}

/** One call of WeChat's API that reached the simulator. Holds no secret. */
export interface SimulatorCall {
  /** ISO 8601, UTC, by the simulator's clock. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** What was answered: an errcode, 0 for success, or how the answer was broken on purpose. */
  readonly outcome: number | 'html' | 'drop';
  readonly rid: string;
}

/** What becomes of a call: an answer after a while, or none at all. */
interface ApiOutcome {
  readonly delayMs: number;
  /** Null when the connection is to break. */
  readonly reply: Reply | null;
}

/** WeChat's API: routes, refusals, faults and the record of what was called. */
export class Api {
  readonly #calls = new RingBuffer<SimulatorCall>(REMEMBERED_CALLS);
  readonly #world: World;
  readonly #faults: Faults;

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
  }

  /** The last 200 calls, oldest first. */
  calls(): SimulatorCall[] {
    return [...this.#calls];
  }

  answer(request: ApiRequest): ApiOutcome {
    const rid = createRid(this.#world.clock.told());
    const startedAt = performance.now();
    const { delayMs, plainText, instead } = this.#faults.take(request.path);
    const { outcome, reply } = this.#outcomeOf(request, instead, rid);
    this.#record(request, rid, outcome);
    if (typeof outcome === 'number' && outcome !== 0) this.#keep(request, rid, reply, startedAt);
    const isJson = reply?.contentType.startsWith('application/json') === true;
    return { delayMs, reply: plainText && isJson ? { ...reply, contentType: 'text/plain' } : reply };
  }

  #outcomeOf(request: ApiRequest, fault: ApiBreak | undefined, rid: string): Answer {
    if (fault === undefined) return this.#run(request, rid);
    if (fault.afterEffect) this.#run(request, rid);
    return broken(fault, rid, request.callerIp);
  }

  #run(request: ApiRequest, rid: string): Answer {
    const route = findRoute(request.path);
    try {
      if (request.body === null) throw new Refusal(45002);
      const answer = runRoute(route, { ...request, body: request.body }, this.#world);
      if (answer instanceof Picture) {
        return { outcome: 0, reply: { status: 200, contentType: answer.contentType, body: answer.bytes } };
      }
      const reply = jsonReply(200, answer);
      return {
        outcome: 0,
        reply: route?.asPlainText === true ? { ...reply, contentType: 'text/plain' } : reply,
      };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refused(error, rid, request.callerIp);
    }
  }

  #record({ method, path }: ApiRequest, rid: string, outcome: SimulatorCall['outcome']): void {
    const at = new Date(this.#world.clock.told()).toISOString();
    this.#calls.push({ at, method, path: beginningOf(path, 100), outcome, rid });
  }

  /**
   * For who asks about a request id, which WeChat does not tell of calls below /sns/. Those with the secret in them are
   * kept without query and body.
   */
  #keep(
    { path, query, body, callerIp }: ApiRequest,
    rid: string,
    reply: Reply | null,
    startedAt: number,
  ): void {
    if (path.startsWith('/sns/')) return;
    const withSecret = findRoute(path)?.bySecret === true || query.has('secret');
    const shown = new URLSearchParams(query);
    const token = query.get('access_token');
    if (token !== null) shown.set('access_token', `${token.slice(0, 6)}***`);
    this.#world.refusedCalls.add(rid, {
      invoke_time: Math.floor(this.#world.clock.told() / SECOND),
      cost_in_ms: Math.round(performance.now() - startedAt),
      request_url: withSecret ? '' : String(shown),
      request_body: withSecret ? '' : (body ?? ''),
      response_body: typeof reply?.body === 'string' ? reply.body : '',
      client_ip: callerIp,
    });
  }
}

interface Answer {
  readonly outcome: SimulatorCall['outcome'];
  readonly reply: Reply | null;
}

function refused(refusal: Pick<Refusal, 'errcode' | 'sentence'>, rid: string, callerIp: string): Answer {
  return { outcome: refusal.errcode, reply: jsonReply(200, writeRefusal(refusal, rid, callerIp)) };
}

function broken(fault: ApiBreak, rid: string, callerIp: string): Answer {
  switch (fault.kind) {
    case 'errcode':
      return refused({ errcode: fault.errcode, sentence: undefined }, rid, callerIp);
    case 'html': {
      const body = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
      return { outcome: 'html', reply: { status: fault.status ?? 502, contentType: 'text/html', body } };
    }
    case 'drop':
      return { outcome: 'drop', reply: null };
  }
}
