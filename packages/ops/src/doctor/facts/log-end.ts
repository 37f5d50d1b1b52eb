import { type Bytes, KiB, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';

/** The end of a log, about 4,000 lines of a web server. */
export const LOG_END_BYTES: Bytes = 768 * KiB;

export function logEndArguments(path: string, bytes: Bytes = LOG_END_BYTES): readonly string[] {
  return ['-c', String(bytes), path];
}

/** The last lines of a file; the first of them may be cut, and is left out. */
export async function readLogEnd(
  host: Host,
  path: string,
  bytes: Bytes = LOG_END_BYTES,
): Promise<Reading<readonly string[]>> {
  const facts = await host.stat(path);
  if (facts.kind === 'value' && facts.value.kind === 'file' && facts.value.bytes <= bytes) {
    const whole = await host.read(path);
    return whole.kind === 'value' ? { kind: 'value', value: linesOf(whole.value) } : whole;
  }
  if (facts.kind !== 'value') return facts;
  // What stands for a file may be a pipe, of which the end never comes.
  if (facts.value.kind !== 'file' && facts.value.kind !== 'link')
    return { kind: 'unreadable', reason: 'not a file' };
  const end = await host.run('tail', logEndArguments(path, bytes));
  if (end.kind !== 'value')
    return end.kind === 'absent' ? { kind: 'unreadable', reason: 'there is no tail' } : end;
  if (end.value.code !== 0) return { kind: 'unreadable', reason: 'EACCES' };
  return { kind: 'value', value: linesOf(end.value.stdout).slice(1) };
}

/**
 * How far a log's own clock is from UTC, found without knowing the zone: its last line was written when the file was last
 * changed. Zones are multiples of a quarter of an hour.
 */
export function zoneOf(lastLineMs: number, modifiedAtMs: number): Milliseconds {
  const quarter = 15 * MINUTE;
  return Math.round((lastLineMs - modifiedAtMs) / quarter) * quarter;
}

/** `2026/05/01 08:00:00` of nginx's error log, as if it were UTC. */
export function errorLogTime(line: string): number | undefined {
  const [, year, month, day, time] = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) /.exec(line) ?? [];
  return time === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${time}Z`);
}

/** `[01/May/2026:08:00:00 +0800]` of an access log. */
export function accessLogTime(line: string): number | undefined {
  const found = /\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/.exec(line);
  if (found === null) return undefined;
  const [, day, month, year, time, zone] = found;
  const ms = Date.parse(`${day} ${month} ${year} ${time} ${zone}`);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / SECOND) * SECOND;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
