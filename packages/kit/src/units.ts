/** A count of bytes. The optional brand documents the unit without forcing casts at every literal. */
export type Bytes = number & { readonly __unit?: 'bytes' };

/** A span of time in milliseconds. */
export type Milliseconds = number & { readonly __unit?: 'milliseconds' };

export const KiB: Bytes = 1024;
export const MiB: Bytes = 1024 * 1024;
export const GiB: Bytes = 1024 * 1024 * 1024;

export const SECOND: Milliseconds = 1000;
export const MINUTE: Milliseconds = 60 * SECOND;
export const HOUR: Milliseconds = 60 * MINUTE;
export const DAY: Milliseconds = 24 * HOUR;

// Memory is sized in powers of two everywhere (Node flags, cgroups), so `512M` means mebibytes here too.
const BYTE_UNITS: Record<string, number> = { '': 1, b: 1, k: KiB, m: MiB, g: GiB, t: 1024 * GiB };
const DURATION_UNITS: Record<string, number> = {
  ms: 1,
  s: SECOND,
  m: MINUTE,
  min: MINUTE,
  h: HOUR,
  d: DAY,
};

/**
 * Parses a size such as `512M`, `1.5 GiB`, `64kb` or `1048576` into bytes (powers of two).
 * @throws RangeError when the text is not a non-negative size with a known unit, or exceeds 2^53 - 1 bytes.
 */
export function parseBytes(text: string): Bytes {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*$/i.exec(text);
  const bytes = match === null ? Number.NaN : Math.round(Number(match[1]) * unit(BYTE_UNITS, match[2]));
  if (!Number.isSafeInteger(bytes)) throw new RangeError(`not a size such as 512M or 1G: ${quote(text)}`);
  return bytes;
}

/** Prints bytes for people, in the largest binary unit that keeps the number at or above one: `364.5 MiB`. */
export function formatBytes(bytes: Bytes): string {
  const size = Math.abs(bytes);
  if (size >= GiB) return `${trimNumber(bytes / GiB, 2)} GiB`;
  if (size >= MiB) return `${trimNumber(bytes / MiB, 1)} MiB`;
  if (size >= KiB) return `${trimNumber(bytes / KiB, 1)} KiB`;
  return `${bytes} B`;
}

/**
 * Parses a duration such as `500ms`, `30s`, `5m`, `2h` or `7d`; a bare number is milliseconds.
 * @throws RangeError when the text is not a non-negative duration with a known unit.
 */
export function parseDuration(text: string): Milliseconds {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?\s*$/i.exec(text);
  const ms =
    match === null ? Number.NaN : Math.round(Number(match[1]) * unit(DURATION_UNITS, match[2] ?? 'ms'));
  if (!Number.isSafeInteger(ms)) throw new RangeError(`not a duration such as 30s or 5m: ${quote(text)}`);
  return ms;
}

/**
 * Prints a duration for people: `250 ms`, `1.5 s`, `75 s`, `2 min`, `3 h`, `7 d`. Up to two minutes in whole
 * seconds, for timeouts are compared with those of other programs, and nginx says 75 s; one minute is `1 min`.
 */
export function formatDuration(ms: Milliseconds): string {
  const span = Math.abs(ms);
  if (span >= DAY) return `${trimNumber(ms / DAY, 1)} d`;
  if (span >= HOUR) return `${trimNumber(ms / HOUR, 1)} h`;
  if (span === MINUTE || span >= 2 * MINUTE) return `${trimNumber(ms / MINUTE, 1)} min`;
  if (span > MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (span >= SECOND) return `${trimNumber(ms / SECOND, 1)} s`;
  return `${Math.round(ms)} ms`;
}

function unit(units: Record<string, number>, name = ''): number {
  return units[name.toLowerCase()] ?? Number.NaN;
}

function trimNumber(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
