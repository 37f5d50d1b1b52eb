import type { Bytes } from '@maque/kit';
import type { Budget } from '../budget.ts';
import type {
  AgentRequest,
  DatabaseRequest,
  JavaRequest,
  MaqueRequest,
  NginxRequest,
  NodeRequest,
  PythonRequest,
  RedisRequest,
  WatcherRequest,
} from './service-request.ts';

/** What holds for every service: how much it may hold, and what happens before and beyond. */
interface PlannedLimits {
  /** Its lines of the sum together: an upper bound of its PSS. */
  readonly budgetBytes: Bytes;
  /** `MemoryMax=` of its unit: the bound with 5 % above for what no sum foresees. */
  readonly memoryMaxBytes: Bytes;
  /**
   * `MemoryHigh=`: the budget, or nine tenths of `memoryMaxBytes` where that is more. A wider gap lets a service crawl
   * for minutes without a word; a brake below the bound would slow down a healthy one.
   */
  readonly memoryHighBytes: Bytes;
  /** `OOMScoreAdjust=`: who goes first when the whole box is out of memory. */
  readonly oomScoreAdj: number;
}

export interface PlannedMaque extends PlannedLimits {
  readonly kind: 'maque';
  readonly request: MaqueRequest;
  /** Its own sum: flags, pools and caches of each worker. */
  readonly budget: Budget;
}

export interface PlannedNode extends PlannedLimits {
  readonly kind: 'node';
  readonly request: NodeRequest;
  readonly workers: number;
  readonly oldSpaceMb: number;
  readonly semiSpaceMb: number;
  /** For PM2's `max_memory_restart`: above what a healthy worker holds, below what the kernel kills at. */
  readonly restartBytes: Bytes;
  readonly poolSize: number;
}

export interface PlannedJava extends PlannedLimits {
  readonly kind: 'java';
  readonly request: JavaRequest;
  readonly heapMb: number;
  readonly metaspaceMb: number;
  readonly codeCacheMb: number;
  readonly directMb: number;
  readonly threads: number;
  readonly threadStackKb: number;
  readonly poolSize: number;
}

export interface PlannedPython extends PlannedLimits {
  readonly kind: 'python';
  readonly request: PythonRequest;
  readonly workers: number;
  /** After so many requests a worker is replaced, so that a slow leak never grows old. */
  readonly maxRequests: number;
  readonly maxRequestsJitter: number;
  readonly poolSize: number;
}

export interface PlannedNginx extends PlannedLimits {
  readonly kind: 'nginx';
  readonly request: NginxRequest;
  readonly workerProcesses: number;
  readonly workerConnections: number;
  readonly openFiles: number;
  /** Let in at once; each has buffers that are counted in its budget. */
  readonly requestsAtOnce: number;
  /** WebSockets at once; they are no requests. */
  readonly sockets: number;
  readonly clientMaxBodyBytes: Bytes;
}

export interface PlannedDatabase extends PlannedLimits {
  readonly kind: 'mariadb' | 'mysql';
  readonly request: DatabaseRequest;
  readonly poolBytes: Bytes;
  readonly connections: number;
  readonly busyConnections: number;
  /** `tmp_table_size` and `max_heap_table_size`. */
  readonly temporaryTableBytes: Bytes;
  readonly sortBufferBytes: Bytes;
  readonly joinBufferBytes: Bytes;
  readonly performanceSchema: boolean;
}

export interface PlannedRedis extends PlannedLimits {
  readonly kind: 'redis';
  readonly request: RedisRequest;
  readonly maxMemoryBytes: Bytes;
  readonly policy: 'allkeys-lru' | 'noeviction';
  readonly persistent: boolean;
  readonly maxClients: number;
}

export interface PlannedAgent extends PlannedLimits {
  readonly kind: 'agent';
  readonly request: AgentRequest;
}

export interface PlannedWatcher extends PlannedLimits {
  readonly kind: 'watcher';
  readonly request: WatcherRequest;
}

export type PlannedService =
  | PlannedMaque
  | PlannedNode
  | PlannedJava
  | PlannedPython
  | PlannedNginx
  | PlannedDatabase
  | PlannedRedis
  | PlannedAgent
  | PlannedWatcher;

export type PlannedOf<Kind extends PlannedService['kind']> = Named<PlannedService, Kind>;

/** Distributes, so that a type of two kinds is found under each. */
type Named<Service, Kind> = Service extends PlannedService
  ? Kind extends Service['kind']
    ? Service
    : never
  : never;
