/** What a line of JSON holds. */
export interface JsonLogLine {
  /** ISO 8601. */
  readonly time: string | null;
  readonly host: string | null;
  readonly writer: string | null;
  readonly text: string;
}

type Entry = Readonly<Record<string, unknown>>;

/** Longer ones are no log's. */
const MOST_CHARACTERS = 16_384;
/** A last millisecond that a date can be. */
const LAST_MS = 8.64e15;

/**
 * A line of `journalctl -o json` (also `json-sse`), of Docker's json-file, of `dmesg -J`, or of a collector that keeps the
 * words in `message`. Undefined where the line is none of them.
 */
export function parseJsonLine(line: string): JsonLogLine | undefined {
  const start = line.startsWith('data: {') ? 6 : line.startsWith('\x1e{') ? 1 : 0;
  if (line[start] !== '{' || line.length > MOST_CHARACTERS) return undefined;
  const entry = entryOf(line.slice(start));
  if (entry === undefined) return undefined;
  const text = [entry.MESSAGE, entry.log, entry.message, entry.msg]
    .map(textOf)
    .find((one) => one !== undefined);
  if (text === undefined) return undefined;
  return {
    text,
    time:
      microsOf(entry.__REALTIME_TIMESTAMP) ??
      isoOf(entry.time ?? entry['@timestamp'] ?? entry.timestamp ?? entry.ts),
    host: stringOf(entry._HOSTNAME ?? nameOf(entry.host) ?? entry.hostname),
    writer: stringOf(entry.SYSLOG_IDENTIFIER ?? entry.ident),
  };
}

function entryOf(line: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null) return undefined;
    // Google's collector puts what the journal has one level deeper.
    const inner = 'jsonPayload' in entry && typeof entry.jsonPayload === 'object' ? entry.jsonPayload : {};
    return { ...entry, ...inner };
  } catch {
    return undefined;
  }
}

/** The journal gives a text that is no UTF-8, or that has control characters, as its bytes. */
function textOf(message: unknown): string | undefined {
  if (typeof message === 'string') return message.trimEnd();
  const isBytes =
    Array.isArray(message) && message.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
  return isBytes ? Buffer.from(message).toString().trimEnd() : undefined;
}

function microsOf(micros: unknown): string | null {
  const ms = Math.floor(Number(micros) / 1_000);
  return Number.isFinite(ms) && ms > 0 && ms < LAST_MS ? new Date(ms).toISOString() : null;
}

function isoOf(time: unknown): string | null {
  if (typeof time === 'string') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(time) ? short(time) : null;
  if (typeof time !== 'number' || !(time > 0)) return null;
  // Seconds until the year 5138, milliseconds since 1973.
  const ms = time < 1e11 ? time * 1_000 : time;
  return ms < LAST_MS ? new Date(ms).toISOString() : null;
}

/** Docker tells nanoseconds. */
function short(time: string): string {
  return time.replace(/(\.\d{3})\d+/, '$1').slice(0, 40);
}

/** Collectors tell more of a machine than its name. */
function nameOf(host: unknown): unknown {
  return typeof host === 'object' && host !== null && 'name' in host ? host.name : host;
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 255) : null;
}
