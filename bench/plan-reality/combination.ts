import { type Bytes, MiB } from '@maque/kit';
import type { PeakLoad, PlanRequest } from '@maque/ops/plan';

/** What runs on one box, how large it is told to be, and what is asked of it. Sizes in MiB. */
export interface Combination {
  readonly name: string;
  /** Whether the coefficients of the expected peak were fitted to it; the others are the proof. */
  readonly isFitted: boolean;
  readonly boxMb: number;
  readonly workers: number;
  /** Of our backend; the plan's choice where it is not told. */
  readonly memoryMb?: number;
  readonly poolMb: number;
  readonly busy: number;
  /** Tables that the queries go through; as much as the pool and more unless told. */
  readonly touchedMb?: number;
  readonly redisMb: number;
  readonly isPersistent: boolean;
  /** TLS connections that say nothing, besides those of the users. */
  readonly idle: number;
  /** Users who shop, each on a TLS connection of their own. */
  readonly users: number;
  /** Requests of all of them in a second; each asks again at once unless told. */
  readonly perSecond?: number;
}

/** A box whose capacity is foretold from a measurement. */
export interface CapacityCase extends Combination {
  /** So many users ask at once while it is measured, as in a load test. */
  readonly calibratedBy: number;
}

const CORES = 2;
/** `ibdata1`, and the small tables that are sorted and joined. */
const OTHER_TABLES_MB = 18;

export function requestOf(combination: Combination): PlanRequest {
  const { boxMb, workers, memoryMb, poolMb, busy, redisMb, isPersistent, idle, users } = combination;
  const memory = memoryMb === undefined ? {} : { memoryBytes: memoryMb * MiB };
  return {
    box: { memoryBytes: boxMb * MiB, bound: 'cgroup-v1', cores: CORES },
    services: [
      { kind: 'nginx', name: 'nginx', connections: idle + users },
      { kind: 'maque', name: 'shop', workers, ...memory },
      {
        kind: 'mariadb',
        name: 'mariadb',
        poolBytes: poolMb * MiB,
        busyConnections: busy,
        connections: Math.max(busy, 5 * workers) + 10,
      },
      {
        kind: 'redis',
        name: 'redis',
        dataBytes: redisMb * MiB,
        role: isPersistent ? 'queue' : 'cache',
        persistent: isPersistent,
      },
    ],
    load: { program: 'shop', peakConcurrency: users, sockets: 0 },
  };
}

/** The load that the bench puts on it, in the words of the plan. */
export function peakLoadOf(
  combination: Combination,
  cachedBytes: Bytes,
  sqliteBytes: Bytes,
): Partial<PeakLoad> {
  const { users, idle, redisMb, touchedMb } = combination;
  return {
    concurrency: users,
    sockets: 0,
    idleConnections: idle + users,
    cachedBytes,
    sqliteBytes,
    databaseBytes: touchedMb === undefined ? Number.POSITIVE_INFINITY : (touchedMb + OTHER_TABLES_MB) * MiB,
    redisBytes: redisMb * MiB,
  };
}

/** What the tables must hold for all of these. */
export function mostTouchedMb(combinations: readonly Combination[]): number {
  return Math.max(...combinations.map(({ touchedMb, poolMb }) => touchedMb ?? Math.ceil(poolMb * 1.15)));
}
