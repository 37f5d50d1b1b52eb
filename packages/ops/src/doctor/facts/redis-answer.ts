import type { Host, Reading } from '../host/host.ts';
import { REDIS_SETTINGS } from './redis-settings.ts';

export interface RedisAnswer {
  readonly settings: ReadonlyMap<string, string>;
  /** `INFO`: `used_memory`, `connected_clients`, `cmdstat_bzpopmin`, `db0`, … */
  readonly info: ReadonlyMap<string, string>;
  /** Some of the keys, at most those of one page: their names alone. */
  readonly keys: readonly string[];
}

/** Redis's own, Valkey's, and that of BT panel. */
const CLIENTS = ['redis-cli', 'valkey-cli', '/www/server/redis/src/redis-cli'];
const PAGE = 1_000;

/** One question a line, as the client takes them from its input. */
export const ASK_REDIS = `${[
  ...REDIS_SETTINGS.map((name) => `CONFIG GET ${name}`),
  ...['server', 'memory', 'clients', 'commandstats', 'keyspace'].map((section) => `INFO ${section}`),
  `SCAN 0 COUNT ${PAGE}`,
].join('\n')}\n`;

/** Nothing that it says without a password: `unreadable`, with what it said instead. Absent where there is no client. */
export async function askRedis(host: Host, door: readonly string[]): Promise<Reading<RedisAnswer>> {
  for (const client of CLIENTS) {
    const output = await host.run(client, door, { input: ASK_REDIS, timeoutMs: 3_000 });
    if (output.kind === 'absent') continue;
    if (output.kind === 'unreadable') return output;
    const { stdout, stderr } = output.value;
    const refusal = /^(NOAUTH|WRONGPASS|NOPERM|DENIED|LOADING|MASTERDOWN)\b/m.exec(stdout)?.[1];
    if (refusal !== undefined && !/^used_memory:/m.test(stdout))
      return { kind: 'unreadable', reason: refusal };
    if (!/^used_memory:/m.test(stdout))
      return { kind: 'unreadable', reason: /refused|closed|timed out/i.exec(stderr)?.[0] ?? 'no answer' };
    return { kind: 'value', value: parseAnswer(stdout) };
  }
  return { kind: 'absent' };
}

/** Lines of `INFO` end with a carriage return, those of the other answers do not. */
function parseAnswer(stdout: string): RedisAnswer {
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => line.endsWith('\r'));
  const last = lines.findLastIndex((line) => line.endsWith('\r'));
  const settings = new Map<string, string>();
  // A setting is its name and, in the next line, its value; one that this version does not have is an empty line.
  for (let at = 0; at < first; at += 1) {
    const name = REDIS_SETTINGS.find((one) => one === lines[at]);
    if (name === undefined || settings.has(name)) continue;
    settings.set(name, lines[at + 1] ?? '');
    at += 1;
  }
  const info = new Map<string, string>();
  for (const line of lines.slice(first, last + 1)) {
    const [, name, value] = /^([\w|-]+):(.*)\r$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !info.has(name)) info.set(name, value);
  }
  // The page of keys begins with the number of the next one.
  const keys = lines.slice(last + 2).filter((line) => line !== '');
  return { settings, info, keys: keys.slice(0, PAGE) };
}
