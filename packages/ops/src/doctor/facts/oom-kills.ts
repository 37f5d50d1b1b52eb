import { DAY, type Milliseconds, SECOND } from '@maque/kit';
import type { Kill, KillMechanism } from '../../oom/kill.ts';
import { OomReader } from '../../oom/oom-reader.ts';
import type { CommandOutput, Host, Reading } from '../host/host.ts';
import { readUptime } from './uptime.ts';

/** A kill with when it was, as far as the log tells. */
export interface DatedKill {
  readonly kill: Kill;
  /** Milliseconds since the epoch. */
  readonly atMs: number | null;
}

export interface KillHistory {
  readonly kills: readonly DatedKill[];
  /** What could be read: `journalctl`, `dmesg`, files. */
  readonly sources: readonly string[];
  /** What is there and may not be read. */
  readonly closed: readonly string[];
}

export const KILL_HISTORY_MS: Milliseconds = 7 * DAY;

/** Where the kernel's messages go without a journal: Debian and Ubuntu, and Red Hat's family. */
const LOG_FILES = [
  '/var/log/kern.log',
  '/var/log/kern.log.1',
  '/var/log/syslog',
  '/var/log/messages',
  '/var/log/messages.1',
];
/** Why these ended, no log of the machine can tell. */
const NOT_FOR_SURE: ReadonlySet<KillMechanism> = new Set(['exit-status', 'pm2-restart']);

/** Of a log its end, within what a command may answer. */
const LOG_TAIL_BYTES = 1_000_000;

export const JOURNAL_ARGUMENTS: readonly string[] = [
  ...['--no-pager', '--output=short-iso', '--since=-7d', '--lines=3000'],
  '--grep=oom|OOM|Out of memory|Killed process|due to (memory|swap)|SIG(TERM|KILL) to process',
  ...['_TRANSPORT=kernel', '+', 'SYSLOG_IDENTIFIER=systemd'],
  ...['+', 'SYSLOG_IDENTIFIER=systemd-oomd', '+', 'SYSLOG_IDENTIFIER=earlyoom'],
];

export function logTailArguments(path: string): readonly string[] {
  return ['-c', String(LOG_TAIL_BYTES), path];
}

/** Kills of the last seven days, from whatever log there is; the same kill in two logs counts once. */
export async function readKillHistory(host: Host): Promise<KillHistory> {
  const uptime = await readUptime(host);
  const bootedAtMs = uptime.kind === 'value' ? host.nowMs - uptime.value : null;
  const logs = await Promise.all([readJournal(host), readDmesg(host), ...LOG_FILES.map(readTail(host))]);
  const kills = new Map<string, DatedKill>();
  for (const { text } of logs) {
    const reader = new OomReader({ nowMs: host.nowMs });
    for (const line of text?.split('\n') ?? []) reader.read(line);
    for (const kill of reader.report().kills) {
      if (NOT_FOR_SURE.has(kill.mechanism)) continue;
      const dated = { kill, atMs: timeOf(kill, bootedAtMs) };
      if (dated.atMs !== null && dated.atMs < host.nowMs - KILL_HISTORY_MS) continue;
      const key = `${kill.pid ?? kill.unit} ${kill.name}`;
      const known = kills.get(key);
      // The kernel's own ring has whole reports; the journal was asked for single lines.
      if (known === undefined || kill.memory.length > known.kill.memory.length) kills.set(key, dated);
    }
  }
  const named = (is: (log: Log) => boolean) => logs.filter(is).map(({ source }) => source);
  return {
    kills: [...kills.values()].sort((one, other) => (one.atMs ?? 0) - (other.atMs ?? 0)),
    sources: named(({ text }) => text !== undefined),
    closed: named(({ isClosed }) => isClosed),
  };
}

interface Log {
  readonly source: string;
  readonly text: string | undefined;
  readonly isClosed: boolean;
}

async function readJournal(host: Host): Promise<Log> {
  const output = await host.run('journalctl', JOURNAL_ARGUMENTS);
  // A pattern that nothing matches makes it end with 1 and say nothing; what it says on stderr is why it could not look,
  // "You are currently not seeing messages from other users and the system" among it.
  const isWhole = output.kind === 'value' && output.value.stderr.trim() === '';
  if (!isWhole) return { source: 'journalctl', text: undefined, isClosed: isDenied(output) };
  // With a pattern and a bound the newest come first.
  return {
    source: 'journalctl',
    text: output.value.stdout.split('\n').reverse().join('\n'),
    isClosed: false,
  };
}

async function readDmesg(host: Host): Promise<Log> {
  const output = await host.run('dmesg', []);
  const text = output.kind === 'value' && output.value.code === 0 ? output.value.stdout : undefined;
  return { source: 'dmesg', text, isClosed: text === undefined && isDenied(output) };
}

function readTail(host: Host): (path: string) => Promise<Log> {
  return async (path) => {
    const output = await host.run('tail', logTailArguments(path));
    const text = output.kind === 'value' && output.value.code === 0 ? output.value.stdout : undefined;
    return { source: path, text, isClosed: text === undefined && isDenied(output) };
  };
}

function isDenied(output: Reading<CommandOutput>): boolean {
  if (output.kind !== 'value') return output.kind === 'unreadable';
  return /permitted|[Pp]ermission|not seeing messages/.test(output.value.stderr);
}

function timeOf({ time, uptimeSeconds }: Kill, bootedAtMs: number | null): number | null {
  const atMs = time === null ? Number.NaN : Date.parse(time);
  if (!Number.isNaN(atMs)) return atMs;
  return uptimeSeconds === null || bootedAtMs === null ? null : bootedAtMs + uptimeSeconds * SECOND;
}
