import { type LogLine, parseLogLine } from './log-line.ts';

/** `NAME=value` of `journalctl -o export` and `-o verbose`, `"NAME" : "value",` of `-o json-pretty`. */
const FIELD =
  /^\s{0,40}"?(__REALTIME_TIMESTAMP|_SOURCE_REALTIME_TIMESTAMP|__MONOTONIC_TIMESTAMP|MESSAGE)(?:=|"\s?:\s?)(.*)$/;
/** `Fri 2026-11-20 08:00:00.123456 CST [s=…;i=…]`, above an entry of `-o verbose`. */
const VERBOSE_HEAD = /\s\[s=[0-9a-f]{8}/;

/** Entries of the journal that take several lines: the time stands before the words. */
export class JournalFields {
  #time: string | null = null;

  /** The entry's line; `part` where it is only a part of one, undefined where it is no part of any. */
  read(raw: string, nowMs: number): LogLine | 'part' | undefined {
    if (VERBOSE_HEAD.test(raw)) {
      this.#time = parseLogLine(raw, nowMs).time;
      return 'part';
    }
    const match = FIELD.exec(raw);
    if (match === null) return undefined;
    const [, name = '', rest = ''] = match;
    if (name !== 'MESSAGE') {
      if (name === '__REALTIME_TIMESTAMP') this.#time = isoOf(Number(/\d{1,20}/.exec(rest)?.[0]));
      return 'part';
    }
    const line = parseLogLine(raw.includes('MESSAGE=') ? rest : unquoted(rest), nowMs);
    return { ...line, time: this.#time ?? line.time };
  }
}

function isoOf(micros: number): string | null {
  const ms = Math.floor(micros / 1_000);
  return ms > 0 && ms < 8.64e15 ? new Date(ms).toISOString() : null;
}

function unquoted(value: string): string {
  try {
    const text: unknown = JSON.parse(value.replace(/,\s*$/, ''));
    return typeof text === 'string' ? text : value;
  } catch {
    return value;
  }
}
