import { parseJsonLine } from './json-log-line.ts';
import { cutPrefix, type Prefix, type Told } from './line-prefix.ts';
import { FACILITY_AND_LEVEL, TIME_PREFIXES } from './log-prefixes.ts';

/** A line of a log without what its writer put before it. */
export interface LogLine {
  /** ISO 8601, with the zone where it is told. */
  readonly time: string | null;
  readonly uptimeSeconds: number | null;
  /** The machine, where a line tells it; logs of several machines may come as one. */
  readonly host: string | null;
  /** Who wrote it: `kernel`, `systemd-oomd`, `earlyoom`, the container `web-1`; null where it is not told. */
  readonly writer: string | null;
  /** The number of the task that printed it, where the kernel tells it (CONFIG_PRINTK_CALLER). */
  readonly task: string | null;
  readonly text: string;
}

/** More prefixes than any chain of tools writes: a container's name, its time, a stream, a priority, an uptime, a thread. */
const MOST_PREFIXES = 8;
/** Longer lines are no log's; what stands behind is not looked at. */
const MOST_CHARACTERS = 4_096;
/** What a terminal or a pager colours with, and what an editor of Windows begins files with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const PAINT = /\x1b\[[\d;]{0,20}[A-Za-z]|^[\ufeff\x1e]+/g;
/** Quoted in an issue, or indented as code. */
const QUOTE = /^(?:> ?){0,8}\s{0,40}/;

/** `kernel: `, `systemd[1]: ` without a host. */
const WRITER_ALONE = /^(?:(kernel|systemd)|([A-Za-z][\w@.+/-]{0,63})\[\d{1,10}\]): ?/;
/** `host kernel: `, `host systemd[1]: `, BusyBox's `host kern.warn kernel: `. */
const WRITER_AT_HOST = new RegExp(
  String.raw`^(?!PM2 log|FATAL ERROR|\[\d)(\S{1,255}) (?:${FACILITY_AND_LEVEL.source} )?([A-Za-z][\w@.+/-]{0,63})(?:\[\d{1,10}\])?: ?`,
);
/** `host [  123.456789] `: the kernel's words, of whose writer nothing is told. */
const KERNEL_AT_HOST = /^([A-Za-z0-9][\w.:-]{0,254}) (?=\[\s{0,12}\d{1,12}\.\d{1,9}\])/;
/** In the kernel's ring its own lines have no writer, and `memory: usage …` is none. */
const WRITER = /^(\S{1,255}) (?:(kernel)|([A-Za-z][\w@.+/-]{0,63})\[\d{1,10}\]): ?/;
/** RFC 5424 behind its time: host, program, process, kind of message, data. */
const RFC5424_HEADER =
  /^(\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (?:-|(?:\[(?:[^\]\\]|\\.){0,1000}\]){1,10})(?: \ufeff?|$)/;

/**
 * Takes a line apart. A syslog date has no year: the last one that does not lie in the future is meant.
 * @param nowMs what that is judged by, milliseconds since the epoch.
 */
export function parseLogLine(line: string, nowMs: number): LogLine {
  const json = parseJsonLine(line);
  if (json === undefined) return parseText(line, nowMs);
  // A container's own log holds lines that have times and writers themselves.
  const inner = parseText(json.text, nowMs);
  return {
    time: json.time ?? inner.time,
    uptimeSeconds: inner.uptimeSeconds,
    host: json.host ?? inner.host,
    writer: json.writer ?? inner.writer,
    task: inner.task,
    text: inner.text,
  };
}

function parseText(line: string, nowMs: number): LogLine {
  const told: Told = {
    time: null,
    uptimeSeconds: null,
    host: null,
    writer: null,
    task: null,
    isRfc5424: false,
  };
  let text = line.slice(0, MOST_CHARACTERS).replace(PAINT, '').replace(QUOTE, '');
  for (let round = 0; round < MOST_PREFIXES; round += 1) {
    const rest = cutAny(text, told, nowMs) ?? cutWriter(text, told);
    if (rest === undefined) break;
    text = rest;
  }
  const { time, uptimeSeconds, host, writer, task } = told;
  return { time, uptimeSeconds, host: host === '' ? null : host, writer, task, text };
}

function cutAny(text: string, told: Told, nowMs: number): string | undefined {
  for (const prefix of TIME_PREFIXES as readonly Prefix[]) {
    const rest = cutPrefix(text, prefix, told, nowMs);
    if (rest !== undefined) return rest;
  }
  return undefined;
}

function cutWriter(text: string, told: Told): string | undefined {
  if (told.isRfc5424) {
    const header = RFC5424_HEADER.exec(text);
    told.isRfc5424 = false;
    if (header !== null) return take(text, header, header[1], header[2], told);
  }
  // Of a container or of syslog one writer is told; the kernel's lines may come through both.
  if (told.host !== null) return undefined;
  const alone = WRITER_ALONE.exec(text);
  if (alone !== null) return take(text, alone, undefined, alone[1] ?? alone[2], told);
  const atHost = told.time === null ? null : WRITER_AT_HOST.exec(text);
  if (atHost !== null) return take(text, atHost, atHost[1], atHost[2], told);
  const ofKernel = told.time === null ? null : KERNEL_AT_HOST.exec(text);
  if (ofKernel !== null) return take(text, ofKernel, ofKernel[1], undefined, told);
  const match = WRITER.exec(text);
  if (match === null) return undefined;
  return take(text, match, match[1], match[2] ?? match[3], told);
}

function take(
  text: string,
  match: RegExpExecArray,
  host: string | undefined,
  writer: string | undefined,
  told: Told,
): string | undefined {
  if (told.writer !== null && match[0] === '') return undefined;
  told.host = host === undefined || host === '-' ? (told.host ?? '') : plainHost(host);
  told.writer = writer === undefined || writer === '-' ? told.writer : writer;
  return text.slice(match[0].length);
}

/** syslog-ng can be told to write the source before a host, and the address behind it. */
function plainHost(host: string): string {
  return host.replace(/^[^@]*@/, '').replace(/\/.*$/, '');
}
