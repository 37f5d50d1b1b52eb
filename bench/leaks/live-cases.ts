import type { Pool } from '@maque/guard';
import { type Bytes, MiB, type Milliseconds, SECOND } from '@maque/kit';

/** What the app does wrong, and from when on; crosses to it as JSON. */
export interface Ailment {
  readonly kind: 'none' | 'heap' | 'buffers';
  readonly fromMs: Milliseconds;
  /** Kept for good by each request of the route that leaks. */
  readonly bytesPerRequest: Bytes;
}

export interface LiveCase {
  readonly name: string;
  /** Of each worker; 0 when it is well. */
  readonly bytesPerSecond: Bytes;
  readonly pool: Pool | null;
  readonly ailment: Ailment;
  readonly isSpiky: boolean;
  /** The goal. */
  readonly signalWithinMs: Milliseconds | null;
}

/** All workers together, as many independent users would send them. */
export const REQUESTS_PER_SECOND = 300;
export const WORKERS = 2;
/** Of all requests, those of the route that leaks. */
export const CART_SHARE = 0.2;
/** The app has warmed up by then. */
export const LEAK_FROM_MS: Milliseconds = 60 * SECOND;
/** What the slow leak is given, and time for two confirmations after it. */
export const RUN_MS: Milliseconds = 235 * SECOND;

const leak = (name: string, kind: 'heap' | 'buffers', bytesPerSecond: Bytes, seconds: number): LiveCase => ({
  name,
  bytesPerSecond,
  pool: kind === 'heap' ? 'heap' : 'external',
  ailment: {
    kind,
    fromMs: LEAK_FROM_MS,
    bytesPerRequest: (bytesPerSecond * WORKERS) / (REQUESTS_PER_SECOND * CART_SHARE),
  },
  isSpiky: false,
  signalWithinMs: seconds * SECOND,
});

export const CASES: readonly LiveCase[] = [
  leak('heap 1 MB/s', 'heap', MiB, 30),
  leak('buffers 1 MB/s', 'buffers', MiB, 30),
  leak('heap 0.1 MB/s', 'heap', 0.1 * MiB, 120),
  leak('buffers 0.1 MB/s', 'buffers', 0.1 * MiB, 120),
  {
    name: 'healthy, spiky',
    bytesPerSecond: 0,
    pool: null,
    ailment: { kind: 'none', fromMs: 0, bytesPerRequest: 0 },
    isSpiky: true,
    signalWithinMs: null,
  },
];
