import { type Bytes, formatBytes, GiB, KiB, MiB, parseBytes, type Text } from '@maque/kit';
import { formatBandwidth } from '../format-bandwidth.ts';

/**
 * What is told of a plan, one value of it. The same word stands in a request file, behind `--with` and, where it has one,
 * as a flag of its own; `to` is where the plan looks for it.
 */
export type RequestField = {
  readonly to: string;
  readonly meaning: Text;
  readonly isRequired?: true;
} & (
  | { readonly type: 'size'; readonly least?: Bytes; readonly most?: Bytes }
  /** A size that the plan keeps in whole mebibytes. A bare number is in MiB, as in the flags of Node and Java. */
  | { readonly type: 'mebibytes'; readonly least: number; readonly most: number }
  | { readonly type: 'count'; readonly least?: number; readonly most?: number }
  | { readonly type: 'amount'; readonly least?: number; readonly most: number }
  /** Bits a second: `5M` is five million, as networks count. */
  | { readonly type: 'bandwidth' }
  | { readonly type: 'switch' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'time' }
);

export type RequestFields = Readonly<Record<string, RequestField>>;

/** What may stand in one place of a request: what it must be, where it is not. */
export type ParsedValue = { readonly value: unknown } | { readonly expected: Text };

const MOST_SIZE: Bytes = 1024 * 1024 * GiB;
/** Who leaves the unit out thinks of GiB, and bytes would be counted. */
const SIZE: Text = { en: 'a size such as 512M or 2G, ', zh: '大小，如 512M、2G，' };
const BANDWIDTH: Text = { en: 'bits a second such as 5M, ', zh: '带宽，如 5M，' };
const WHOLE: Text = { en: 'a whole number ', zh: '整数，' };
/** A number stands apart from the words before it. */
const NUMBER: Text = { en: '', zh: ' ' };
const MOST_COUNT = 1_000_000_000;
const BIT_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
const LEAST_BANDWIDTH = 1_000;
const MOST_BANDWIDTH = 1e12;
const SWITCHES = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['on', true],
  ['yes', true],
  [false, false],
  ['false', false],
  ['off', false],
  ['no', false],
]);

/** Reads a value, out of JSON or as it was typed. */
export function parseField(field: RequestField, raw: unknown): ParsedValue {
  switch (field.type) {
    case 'size':
      return within(sizeOf(raw), field.least ?? 0, field.most ?? MOST_SIZE, formatBytes, SIZE);
    case 'mebibytes': {
      const bare = numberOf(raw);
      const bytes = Number.isNaN(bare) ? sizeOf(raw) : bare * MiB;
      const parsed = within(bytes, field.least * MiB, field.most * MiB, formatBytes, SIZE);
      return 'value' in parsed ? { value: Math.floor(Number(parsed.value) / MiB) } : parsed;
    }
    case 'count': {
      const count = numberOf(raw);
      const whole = Number.isInteger(count) ? count : Number.NaN;
      return within(whole, field.least ?? 0, field.most ?? MOST_COUNT, String, WHOLE);
    }
    case 'amount':
      return within(numberOf(raw), field.least ?? 0, field.most);
    case 'bandwidth':
      return within(bandwidthOf(raw), LEAST_BANDWIDTH, MOST_BANDWIDTH, formatBandwidth, BANDWIDTH);
    case 'switch': {
      const value = SWITCHES.get(raw);
      return value === undefined ? { expected: { en: 'yes or no', zh: 'yes 或 no' } } : { value };
    }
    case 'choice': {
      const list = field.choices.join(', ');
      if (field.choices.includes(String(raw))) return { value: raw };
      return { expected: { en: `one of ${list}`, zh: `以下之一：${list}` } };
    }
    case 'time': {
      const isTime =
        typeof raw === 'string' && /^\d{4}-\d\d-\d\dT/.test(raw) && !Number.isNaN(Date.parse(raw));
      return isTime ? { value: raw } : { expected: { en: 'a time in ISO 8601', zh: 'ISO 8601 时间' } };
    }
  }
}

/** The value as a request file keeps it, which reads as the same value again. */
export function writeField(field: RequestField, value: unknown): unknown {
  if (field.type === 'size') return exactSize(Number(value));
  if (field.type === 'mebibytes') return exactSize(Number(value) * MiB);
  if (field.type === 'bandwidth') return exactBandwidth(Number(value));
  return value;
}

/** `192M`; where no unit divides it, the bytes. */
export function exactSize(bytes: Bytes): string | number {
  for (const [unit, size] of [
    ['G', GiB],
    ['M', MiB],
    ['K', KiB],
  ] as const)
    if (bytes > 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  return bytes;
}

function exactBandwidth(bits: number): string | number {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['K', 1e3],
  ] as const)
    if (bits > 0 && bits % size === 0) return `${bits / size}${unit}`;
  return bits;
}

function within(
  value: number,
  least: number,
  most: number,
  format: (value: number) => string = String,
  kind: Text = NUMBER,
): ParsedValue {
  if (value >= least && value <= most) return { value };
  const [from, to] = [format(least), format(most)];
  return { expected: { en: `${kind.en}from ${from} to ${to}`, zh: `${kind.zh}${from} 到 ${to}` } };
}

function numberOf(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw.trim()) ? Number(raw) : Number.NaN;
}

function sizeOf(raw: unknown): Bytes {
  if (typeof raw === 'number') return Number.isInteger(raw) ? raw : Number.NaN;
  if (typeof raw !== 'string') return Number.NaN;
  try {
    return parseBytes(raw);
  } catch {
    return Number.NaN;
  }
}

/** `5M`, `5 Mbit/s`, `5Mbps`, `100000`. */
function bandwidthOf(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmg]?)(?:b|bps|bit|bits)?(?:\/s)?\s*$/i.exec(String(raw));
  return Math.round(Number(match?.[1]) * (BIT_UNITS[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN));
}
