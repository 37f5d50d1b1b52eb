import { type Clock, MINUTE, type Milliseconds, systemClock } from '@maque/kit';
import type { Pressure } from '../pressure/pressure.ts';
import { nextShedShare } from './shed-share.ts';

export interface LoadShedderOptions {
  /**
   * Paths that are always served, besides the usual names of health checks (`/healthz`, `/readyz`, `/livez`, `/health`,
   * `/ready`, `/live`, `/ping`, `/status`, `/metrics`). 100 at most.
   */
  readonly healthPaths?: readonly string[];
}

/** What a shedder asks; a {@link Guard} is one. */
export interface PressureSource {
  pressure(): Pressure;
}

export interface LoadShedderParts {
  readonly clock?: Clock;
  /** A number from 0 (included) to 1 (excluded). */
  readonly random?: () => number;
}

// A load balancer that gets 503 from a health check takes the last worker out, and a scrape that fails hides the reason.
const HEALTH_PATHS = [
  '/healthz',
  '/readyz',
  '/livez',
  '/health',
  '/ready',
  '/live',
  '/ping',
  '/status',
  '/metrics',
];
const MAX_HEALTH_PATHS = 100;

// Pressure is judged anew every half second while there is some, every minute at the slowest. What is older comes from a
// guard that was stopped.
const TRUST_MS: Milliseconds = 2 * MINUTE;

// Seconds after which a client may come back: the share falls by a fifth in two seconds, and clients that all come at
// once would bring the pressure back.
const RETRY_AFTER_SECONDS = { least: 2, spread: 4 };

/**
 * Decides which requests are answered 503 while the process is short of memory or time. Asking costs a few nanoseconds
 * while it is not. Without a timer or a subscription: the share moves when requests come.
 */
export class LoadShedder {
  readonly #source: PressureSource;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #healthPaths: ReadonlySet<string>;
  #share = 0;
  #decidedMs: Milliseconds = 0;
  #pressure: Pressure | null = null;
  #pressureSinceMs: Milliseconds = 0;

  /** @throws TypeError when `healthPaths` is not a list of up to 100 paths. */
  constructor(source: PressureSource, options: LoadShedderOptions = {}, parts: LoadShedderParts = {}) {
    this.#source = source;
    this.#clock = parts.clock ?? systemClock;
    this.#random = parts.random ?? Math.random;
    this.#healthPaths = new Set([...HEALTH_PATHS, ...checkedPaths(options.healthPaths ?? [])]);
  }

  /** The share of requests that is turned away at present, 0 to 0.95. */
  get share(): number {
    return this.#share;
  }

  /**
   * Whether to answer this request with 503 instead of serving it.
   * @param url its path; a query is not looked at.
   */
  refuses(url: string): boolean {
    const pressure = this.#source.pressure();
    if (this.#share === 0 && pressure.level !== 'critical') return false;
    this.#decide(pressure);
    return this.#share > 0 && this.#random() < this.#share && !this.#isHealthCheck(url);
  }

  /** What to answer as `Retry-After`: 2 to 5 seconds, different each time so that clients do not return together. */
  retryAfterSeconds(): number {
    return RETRY_AFTER_SECONDS.least + Math.floor(this.#random() * RETRY_AFTER_SECONDS.spread);
  }

  #decide(pressure: Pressure): void {
    const nowMs = this.#clock.monotonic();
    if (pressure !== this.#pressure) {
      this.#pressure = pressure;
      this.#pressureSinceMs = nowMs;
    }
    const isStale = nowMs - this.#pressureSinceMs > TRUST_MS;
    this.#share = isStale ? 0 : nextShedShare(this.#share, pressure, nowMs - this.#decidedMs);
    this.#decidedMs = nowMs;
  }

  #isHealthCheck(url: string): boolean {
    const query = url.indexOf('?');
    return this.#healthPaths.has(query === -1 ? url : url.slice(0, query));
  }
}

function checkedPaths(paths: readonly string[]): readonly string[] {
  const isList = Array.isArray(paths) && paths.length <= MAX_HEALTH_PATHS;
  if (isList && paths.every((path) => typeof path === 'string' && path.startsWith('/'))) return paths;
  throw new TypeError(
    `healthPaths must be a list of up to ${MAX_HEALTH_PATHS} paths that begin with a slash`,
  );
}
