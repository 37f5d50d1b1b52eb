import { type Bytes, KiB, MiB } from '@maque/kit';
import { atSize } from '../../component.ts';
import { inMiB } from '../../in-mebibytes.ts';
import { countOf, hasApps, sumOfPools } from '../apps-around.ts';
import type { PlanRequest } from '../box-request.ts';
import { demandOf, type Layout, layOut, onePiece } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { fixedPart, fromMiB, type Part, wholeMiB } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { DatabaseRequest } from '../service-request.ts';

// Below this even a small table does not stay in memory.
const LEAST_POOL: Bytes = 32 * MiB;
// A box that others live on gives 15 % of its memory, one that is the database's alone half.
const SHARED_POOL_PART = 0.15;
const OWN_POOL_PART = 0.5;
/** Pages are not full, and new rows come. */
const POOL_OVER_DATA = 1.2;

const IDLE_MB = 0.15;
const BUSY_MB = 1.9;
const PERFORMANCE_SCHEMA_MB = 105;

// Apps elsewhere: as many as two of them with two workers each would open.
const UNTOLD_CONNECTIONS = 40;
const SPARE_CONNECTIONS = 10;
// From 80 % on a deploy that runs old and new workers side by side fails.
const MOST_USED_PART = 0.8;
const BUSY_PER_CORE = 4;

// Temporary tables take full row width, so they are what grows with each busy connection: 7.8 MiB at the defaults,
// 1.9 to 2.6 at these sizes.
const TEMPORARY_TABLE: Bytes = MiB;
const SORT_BUFFER: Bytes = 256 * KiB;
const JOIN_BUFFER: Bytes = 128 * KiB;

/** A server of the MySQL family; `base` is what it holds besides its buffer pool and connections. */
export function databaseModel<Kind extends 'mariadb' | 'mysql'>(
  kind: Kind,
  base: () => Part,
): ServiceModel<'mariadb' | 'mysql'> & { readonly kind: Kind } {
  return {
    kind,
    boundBySettings: true,
    reducible: ['poolBytes', 'busyConnections', 'connections'],
    demand: (request, { plan }) => demandOf(layoutOf(base(), request, plan), 30),
    share(request, offeredBytes, { plan }) {
      const laidOut = layOut(request.name, layoutOf(base(), request, plan), offeredBytes);
      return {
        planned: {
          kind,
          request,
          poolBytes: laidOut.of('BUFFER_POOL'),
          connections: connectionsOf(request, plan),
          busyConnections: busyOf(request, plan),
          temporaryTableBytes: TEMPORARY_TABLE,
          sortBufferBytes: SORT_BUFFER,
          joinBufferBytes: JOIN_BUFFER,
          performanceSchema: request.performanceSchema ?? false,
          ...limitsFor(laidOut.budgetBytes, OOM_SCORE.database),
        },
        lines: laidOut.lines,
      };
    },
  };
}

function layoutOf(base: Part, request: DatabaseRequest, plan: PlanRequest): Layout {
  return onePiece([
    base,
    bufferPool(request, plan),
    openConnections(connectionsOf(request, plan)),
    busyQueries(busyOf(request, plan)),
    ...(request.performanceSchema === true ? [performanceSchema()] : []),
  ]);
}

function bufferPool(request: DatabaseRequest, plan: PlanRequest): Part {
  const pool: Part = {
    code: 'BUFFER_POOL',
    name: { en: 'buffer pool', zh: 'InnoDB 缓冲池' },
    floorBytes: LEAST_POOL,
    ceilingBytes: Math.max(LEAST_POOL, mostUsefulPool(request, plan)),
    weight: 1,
    settle: wholeMiB,
    errorBytes: 0,
    formula: (bytes) => `1.0 × ${inMiB(bytes)}`,
    source: {
      en: 'innodb_buffer_pool_size; measured: all of it is resident once it is warm',
      zh: 'innodb_buffer_pool_size；实测：预热后全部常驻内存',
    },
  };
  return { ...atSize(pool, toldPool(request)), errorBytes: 0 };
}

/** Servers round it up to whole chunks, of which 1 MiB is the smallest. */
function toldPool({ poolBytes }: DatabaseRequest): Bytes | undefined {
  return poolBytes === undefined ? undefined : Math.ceil(poolBytes / MiB) * MiB;
}

function mostUsefulPool({ dataBytes }: DatabaseRequest, plan: PlanRequest): Bytes {
  const part = hasApps(plan) ? SHARED_POOL_PART : OWN_POOL_PART;
  const ofTheBox = (part * plan.box.memoryBytes) / countOf(plan, 'mariadb', 'mysql');
  return Math.min(ofTheBox, (dataBytes ?? Number.POSITIVE_INFINITY) * POOL_OVER_DATA);
}

function openConnections(connections: number): Part {
  return fixedPart({
    code: 'OPEN_CONNECTIONS',
    name: { en: 'open connections', zh: '打开的连接' },
    bytes: fromMiB(connections * IDLE_MB),
    formula: `${connections} × ${IDLE_MB}`,
    errorBytes: 0,
    source: { en: 'measured: an idle connection', zh: '实测：空闲连接' },
  });
}

function busyQueries(busy: number): Part {
  return fixedPart({
    code: 'BUSY_CONNECTIONS',
    name: { en: 'connections at work', zh: '正在执行查询的连接' },
    bytes: fromMiB(busy * BUSY_MB),
    formula: `${busy} × ${BUSY_MB}`,
    errorBytes: fromMiB(4.4),
    source: {
      en: 'measured with tmp_table_size 1M, sort_buffer_size 256K, join_buffer_size 128K; 7.8 each at the defaults',
      zh: '实测（tmp_table_size 1M、sort_buffer_size 256K、join_buffer_size 128K）；默认配置下每个 7.8',
    },
  });
}

function performanceSchema(): Part {
  return fixedPart({
    code: 'PERFORMANCE_SCHEMA',
    name: { en: 'performance_schema', zh: 'performance_schema' },
    bytes: PERFORMANCE_SCHEMA_MB * MiB,
    formula: String(PERFORMANCE_SCHEMA_MB),
    errorBytes: 5 * MiB,
    source: { en: 'measured: MariaDB 10.11', zh: '实测：MariaDB 10.11' },
  });
}

/** `max_connections`. */
function connectionsOf({ connections }: DatabaseRequest, plan: PlanRequest): number {
  if (connections !== undefined) return connections;
  const pools = sumOfPools(plan);
  if (pools === 0) return UNTOLD_CONNECTIONS;
  return Math.max(pools + SPARE_CONNECTIONS, Math.ceil(pools / MOST_USED_PART));
}

/** All pools at once is the peak that memory is planned for: what was taken for it is not given back. */
function busyOf(request: DatabaseRequest, plan: PlanRequest): number {
  const pools = sumOfPools(plan);
  const untold = pools === 0 ? BUSY_PER_CORE * plan.box.cores : pools;
  return Math.min(request.busyConnections ?? untold, connectionsOf(request, plan));
}
