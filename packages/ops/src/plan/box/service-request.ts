import type { Bytes } from '@maque/kit';
import type { ServerWishes } from '../wishes.ts';

/** Which program the name belongs to. */
export const SERVICE_KINDS = [
  'maque',
  'node',
  'java',
  'python',
  'nginx',
  'mariadb',
  'mysql',
  'redis',
  'agent',
  'watcher',
] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** Programs of the user, which answer requests and talk to databases. */
export const APP_KINDS: ReadonlySet<ServiceKind> = new Set(['maque', 'node', 'java', 'python']);
export const DATABASE_KINDS: ReadonlySet<ServiceKind> = new Set(['mariadb', 'mysql']);

interface NamedService {
  /** Unique in a plan: letters, digits and dashes. Units, files and containers are named after it. */
  readonly name: string;
}

/** The backend of this project: the keeper and its workers. */
export interface MaqueRequest extends NamedService {
  readonly kind: 'maque';
  readonly workers?: number | undefined;
  /** Its whole budget, where it is not the plan's to choose. */
  readonly memoryBytes?: Bytes | undefined;
  /** `--max-old-space-size` of each worker, in MiB. */
  readonly oldSpaceMb?: number | undefined;
  readonly server?: ServerWishes | undefined;
}

/** Any other Node program. */
export interface NodeRequest extends NamedService {
  readonly kind: 'node';
  readonly workers?: number | undefined;
  /** `--max-old-space-size` of each worker, in MiB. */
  readonly oldSpaceMb?: number | undefined;
  /** Who keeps it alive. */
  readonly keptBy?: 'keeper' | 'pm2' | 'systemd' | undefined;
  /** Connections of each worker to the database. */
  readonly poolSize?: number | undefined;
}

export interface JavaRequest extends NamedService {
  readonly kind: 'java';
  readonly framework: 'spring-boot' | 'tomcat' | 'plain';
  /** `-Xmx` in MiB. */
  readonly heapMb?: number | undefined;
  /** Classes that are loaded when it has warmed up. */
  readonly loadedClasses?: number | undefined;
  readonly threads?: number | undefined;
  readonly poolSize?: number | undefined;
}

export interface PythonRequest extends NamedService {
  readonly kind: 'python';
  readonly server: 'gunicorn' | 'uvicorn';
  readonly workers?: number | undefined;
  /** What one worker holds after load; by default what a small Flask or FastAPI app was measured to hold. */
  readonly workerBytes?: Bytes | undefined;
  readonly poolSize?: number | undefined;
}

export interface NginxRequest extends NamedService {
  readonly kind: 'nginx';
  /** Idle TLS connections held open at the peak. */
  readonly connections?: number | undefined;
}

export interface DatabaseRequest extends NamedService {
  readonly kind: 'mariadb' | 'mysql';
  /** `innodb_buffer_pool_size`. */
  readonly poolBytes?: Bytes | undefined;
  /** Connections that may be open; by default the pools of all apps together, and 10. */
  readonly connections?: number | undefined;
  /** Connections that run a query at the same time. */
  readonly busyConnections?: number | undefined;
  /** Tables and indexes on the disk. */
  readonly dataBytes?: Bytes | undefined;
  readonly performanceSchema?: boolean | undefined;
}

export interface RedisRequest extends NamedService {
  readonly kind: 'redis';
  /** What is kept in it. */
  readonly dataBytes?: Bytes | undefined;
  /** A cache may forget; a queue may not. */
  readonly role?: 'cache' | 'queue' | undefined;
  /** It writes snapshots or rewrites its log, which copies what changes meanwhile. */
  readonly persistent?: boolean | undefined;
}

/** A cloud vendor's agent, a panel, or anything else that simply takes so much. */
export interface AgentRequest extends NamedService {
  readonly kind: 'agent';
  readonly bytes: Bytes;
}

/** What watches over the box. */
export interface WatcherRequest extends NamedService {
  readonly kind: 'watcher';
  readonly program: 'node_exporter' | 'alertmanager' | 'prometheus' | 'earlyoom' | 'pm2';
}

export type ServiceRequest =
  | MaqueRequest
  | NodeRequest
  | JavaRequest
  | PythonRequest
  | NginxRequest
  | DatabaseRequest
  | RedisRequest
  | AgentRequest
  | WatcherRequest;

export type RequestOf<Kind extends ServiceKind> = Named<ServiceRequest, Kind>;

/** Distributes, so that a type of two kinds is found under each. */
type Named<Service, Kind> = Service extends ServiceRequest
  ? Kind extends Service['kind']
    ? Service
    : never
  : never;
