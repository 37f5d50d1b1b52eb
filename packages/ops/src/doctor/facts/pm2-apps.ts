import { type Bytes, GiB, KiB, MiB } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';
import type { ProcessFacts } from './processes.ts';

/** A process of an app as PM2 started it, or would. Nothing else of its environment is kept: there are secrets in it. */
export interface Pm2Process {
  readonly app: string;
  readonly isCluster: boolean;
  /** At which resident memory PM2 restarts it; null where it never does. */
  readonly restartAtBytes: Bytes | null;
  readonly nodeArgs: readonly string[];
  readonly nodeEnv: string | undefined;
}

/** PM2's own bookkeeping of an app, which stands in the environment, in a line of JSON, and in its dump. */
interface Pm2Record {
  readonly name?: unknown;
  readonly exec_mode?: unknown;
  readonly max_memory_restart?: unknown;
  readonly node_args?: unknown;
  readonly NODE_ENV?: unknown;
}

/** More homes than a small server has users. */
const MOST_HOMES = 64;

/** What PM2 left in the environment of a process: a line of JSON in cluster mode, plain variables in fork mode. */
export function pm2ProcessOf({ environment }: ProcessFacts): Pm2Process | null {
  if (environment === null) return null;
  const line = environment.get('pm2_env');
  if (line !== undefined) return fromJson(line, (value) => (isRecord(value) ? recordOf(value) : null));
  if (!environment.has('pm_id')) return null;
  return recordOf(Object.fromEntries(environment) as Pm2Record);
}

/** The daemon: it calls itself `PM2 v5.4.2: God Daemon (/root/.pm2)`. */
export function pm2HomeOf({ commandLine }: ProcessFacts): string | null {
  return /^PM2 v[^:]*: God Daemon \((.+)\)\s*$/.exec(commandLine[0] ?? '')?.[1] ?? null;
}

/** What PM2 starts after the next boot: the dumps of the homes of its daemons, and those that are usual. */
export async function readPm2Dumps(
  host: Host,
  processes: readonly ProcessFacts[],
): Promise<Reading<readonly Pm2Process[]>> {
  const homes = await listHomes(host, processes);
  const dumps = await Promise.all(homes.map((home) => host.read(`${home}/dump.pm2`)));
  const parsed = dumps.flatMap((dump) => (dump.kind === 'value' ? [dumpOf(dump.value)] : []));
  const found = parsed.flatMap((records) => records ?? []);
  if (found.length > 0) return { kind: 'value', value: found };
  // Of one that is larger than what is read the end is missing.
  if (parsed.includes(null)) return { kind: 'unreadable', reason: 'dump.pm2 is not JSON' };
  const refused = dumps.find(({ kind }) => kind === 'unreadable');
  return refused?.kind === 'unreadable' ? refused : { kind: 'absent' };
}

async function listHomes(host: Host, processes: readonly ProcessFacts[]): Promise<readonly string[]> {
  const users = await host.list('/home');
  const names = users.kind === 'value' ? users.value.slice(0, MOST_HOMES) : [];
  const told = processes.flatMap((process) => pm2HomeOf(process) ?? []);
  return [...new Set([...told, '/root/.pm2', ...names.map((name) => `/home/${name}/.pm2`)])];
}

function dumpOf(text: string): readonly Pm2Process[] | null {
  return fromJson(text, (value) => (Array.isArray(value) ? value.filter(isRecord).map(recordOf) : []));
}

function fromJson<Value>(text: string, make: (value: unknown) => Value): Value | null {
  try {
    return make(JSON.parse(text));
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Pm2Record {
  return typeof value === 'object' && value !== null;
}

function recordOf(record: Pm2Record): Pm2Process {
  const { name, exec_mode: mode, max_memory_restart: limit, node_args: args, NODE_ENV: nodeEnv } = record;
  return {
    app: typeof name === 'string' ? name : '?',
    isCluster: mode === 'cluster_mode' || mode === 'cluster',
    restartAtBytes: sizeOf(limit),
    nodeArgs: Array.isArray(args) ? args.filter((arg) => typeof arg === 'string') : [],
    nodeEnv: typeof nodeEnv === 'string' ? nodeEnv : undefined,
  };
}

const UNITS: Readonly<Record<string, Bytes>> = { '': 1, K: KiB, M: MiB, G: GiB };

/** Bytes, or as it is written in the ecosystem file: `1600M`. */
function sizeOf(limit: unknown): Bytes | null {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)$/i.exec(String(limit ?? ''));
  const bytes = Number(match?.[1]) * (UNITS[match?.[2]?.toUpperCase() ?? ''] ?? 1);
  return Number.isNaN(bytes) || bytes <= 0 ? null : bytes;
}
