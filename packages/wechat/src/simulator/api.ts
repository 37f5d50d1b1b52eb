import { type Clock, RingBuffer } from '@maque/kit';
import { findRoute, runRoute } from './api-routes.ts';
import type { Faults, FaultyTurn } from './faults.ts';
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
  readonly #clock: Clock;

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
    this.#clock = world.clock;
  }

  /** The last 200 calls, oldest first. */
  calls(): SimulatorCall[] {
    return [...this.#calls];
  }

  answer(request: ApiRequest): ApiOutcome {
    const rid = createRid(this.#clock.now());
    const { delayMs, instead } = this.#faults.take(request.path);
    const { outcome, reply } = this.#outcomeOf(request, instead, rid);
    this.#record(request, rid, outcome);
    return { delayMs, reply };
  }

  #outcomeOf(request: ApiRequest, fault: FaultyTurn['instead'], rid: string): Answer {
    if (fault === undefined) return this.#run(request, rid);
    if (fault.afterEffect) this.#run(request, rid);
    return broken(fault, rid, request.callerIp);
  }

  #run(request: ApiRequest, rid: string): Answer {
    const route = findRoute(request.path);
    try {
      if (request.body === null) throw new Refusal(45002);
      const reply = jsonReply(200, runRoute(route, { ...request, body: request.body }, this.#world));
      return { outcome: 0, reply: { ...reply, contentType: route?.contentType ?? reply.contentType } };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refused(error.errcode, rid, request.callerIp);
    }
  }

  #record({ method, path }: ApiRequest, rid: string, outcome: SimulatorCall['outcome']): void {
    const at = new Date(this.#clock.now()).toISOString();
    this.#calls.push({ at, method, path: path.slice(0, 100), outcome, rid });
  }
}

interface Answer {
  readonly outcome: SimulatorCall['outcome'];
  readonly reply: Reply | null;
}

function refused(errcode: number, rid: string, callerIp: string): Answer {
  return { outcome: errcode, reply: jsonReply(200, writeRefusal(errcode, rid, callerIp)) };
}

function broken(fault: NonNullable<FaultyTurn['instead']>, rid: string, callerIp: string): Answer {
  switch (fault.kind) {
    case 'errcode':
      return refused(fault.errcode, rid, callerIp);
    case 'html': {
      const body = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
      return { outcome: 'html', reply: { status: fault.status ?? 502, contentType: 'text/html', body } };
    }
    case 'drop':
      return { outcome: 'drop', reply: null };
  }
}
