import type { RequestListener, Server } from 'node:http';
import type { Pool } from '@maque/guard';

/** What is known of a leak because somebody planted it. */
export interface PlantedLeak {
  readonly pool: Pool;
  /** When its route is first asked for, in seconds of the recording. */
  readonly startSeconds: number;
  /** Null where no route has a part in it. */
  readonly route: string | null;
  /** Constructors whose instances pile up, one a request or the holder: each of them names the leak. */
  readonly constructors: readonly string[];
  /** Parts of function, module or variable names that a good report shows. */
  readonly sites: readonly string[];
}

/** Requests per second at a moment, in seconds of the recording. */
export type Rate = (second: number) => number;

/** A stream of requests that arrive whether the service answers or not. */
export interface Arrivals {
  readonly route: string;
  readonly rate: Rate;
  /** The path of the n-th request, where the route has parameters. */
  readonly path?: (n: number, random: () => number) => string;
  readonly body?: (n: number, random: () => number) => string | Buffer;
  readonly headers?: (n: number) => Readonly<Record<string, string>>;
  /** The client goes away after this, whether there was an answer or not. */
  readonly leaveAfterMs?: number;
}

/** Clients that each keep one request open, a given number of them at a time. */
export interface Population {
  readonly route: string;
  readonly size: Rate;
}

/** One service: what it does, who asks it for what, and how it leaks if it does. */
export interface Scenario {
  readonly about: string;
  readonly minutes: number;
  readonly leak: PlantedLeak | null;
  readonly arrivals: readonly Arrivals[];
  readonly populations?: readonly Population[];
  /** Makes the service, in a process of its own. */
  readonly serve: () => RequestListener | Server | Promise<RequestListener | Server>;
}
