import { type Clock, type Milliseconds, systemClock } from '@maque/kit';
import type { RequestMeter } from '../requests/request-meter.ts';

const followed = Symbol('maque.guard.followed');

/** The part of a response that is looked at: of `node:http` and of `node:http2`'s compatibility layer alike. */
export interface FollowedResponse {
  readonly statusCode: number;
  on(event: 'close', listener: () => void): unknown;
}

interface Following<Source> {
  readonly follower: RequestFollower<Source>;
  readonly source: Source;
  /** 0 if nobody asked. */
  readonly startMs: Milliseconds;
  /** How many requests its duration speaks for; 0 means that it is not timed. */
  readonly weight: number;
  /** The index of its route if that is decided, else -1. */
  readonly route: number;
}

/**
 * Counts each request from its beginning to the `close` of its response, which comes after the last byte of a stream as
 * well as after an abort. One small object and one listener a request, no closure.
 */
export class RequestFollower<Source> {
  readonly #meter: RequestMeter;
  readonly #routeOf: (source: Source) => number;
  readonly #clock: Clock;

  /** @param routeOf answers the index of a request's route, asked when its response is closed. */
  constructor(meter: RequestMeter, routeOf: (source: Source) => number, clock: Clock = systemClock) {
    this.#meter = meter;
    this.#routeOf = routeOf;
    this.#clock = clock;
  }

  /**
   * @param source what `routeOf` is asked with.
   * @param route the index of the route where it is known already.
   */
  begin(response: FollowedResponse, source: Source, route = -1): void {
    const carrier = response as FollowedResponse & { [followed]?: Following<Source> | undefined };
    // An app that is mounted in another may be watched too.
    if (carrier[followed] !== undefined) return;
    const weight = this.#meter.drawWeight();
    const startMs = weight === 0 ? 0 : this.#clock.monotonic();
    carrier[followed] = { follower: this, source, startMs, weight, route };
    carrier.on('close', end);
    this.#meter.start();
  }

  end({ source, startMs, weight, route }: Following<Source>, status: number): void {
    const index = route === -1 ? this.#routeOf(source) : route;
    const durationMs = weight === 0 ? 0 : this.#clock.monotonic() - startMs;
    this.#meter.end(index, durationMs, status, weight);
  }
}

function end(this: FollowedResponse & { [followed]?: Following<unknown> | undefined }): void {
  const following = this[followed];
  if (following === undefined) return;
  // Responses that a test harness made may close twice.
  this[followed] = undefined;
  following.follower.end(following, this.statusCode);
}

/**
 * Whether the connection was handed over to a WebSocket: frameworks then make a response that is never closed, or
 * only hours later. Node clears the flag when no `upgrade` listener took the request.
 */
export function isUpgraded(request: { readonly upgrade?: boolean | null }): boolean {
  return request.upgrade === true;
}
