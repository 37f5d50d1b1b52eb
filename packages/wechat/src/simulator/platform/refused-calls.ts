import { BoundedMap } from '../bounded-map.ts';
import { beginningOf } from '../own-text.ts';

// WeChat keeps them for a week. 200 with 1 KiB of each body weigh 0.5 MiB at most.
const MAX_CALLS = 200;
const MAX_CHARACTERS = 1_024;

/** A call that was refused, as `POST /cgi-bin/openapi/rid/get` tells of it. */
export interface RefusedCall {
  /** Seconds since the epoch. */
  readonly invoke_time: number;
  readonly cost_in_ms: number;
  /** The query, its access token cut. */
  readonly request_url: string;
  readonly request_body: string;
  readonly response_body: string;
  readonly client_ip: string;
}

/** The last 200 calls that were refused, by their request id: only refusals carry one. */
export class RefusedCalls {
  readonly #calls = new BoundedMap<RefusedCall>(MAX_CALLS);

  add(rid: string, call: RefusedCall): void {
    this.#calls.set(rid, {
      ...call,
      request_url: beginningOf(call.request_url, MAX_CHARACTERS),
      request_body: beginningOf(call.request_body, MAX_CHARACTERS),
      response_body: beginningOf(call.response_body, MAX_CHARACTERS),
    });
  }

  find(rid: string): RefusedCall | undefined {
    return this.#calls.get(rid);
  }
}
