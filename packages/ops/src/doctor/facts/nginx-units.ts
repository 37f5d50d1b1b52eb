import { type Bytes, DAY, GiB, HOUR, KiB, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';

const SIZES: Readonly<Record<string, Bytes>> = { '': 1, k: KiB, m: MiB, g: GiB };
const TIMES: Readonly<Record<string, Milliseconds>> = {
  '': SECOND,
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
};

/** `8k`, `50m`, `1024`; undefined for what nginx would refuse. */
export function nginxSize(text: string | undefined): Bytes | undefined {
  const [, amount, unit = ''] = /^(\d+)([kmg]?)$/i.exec(text ?? '') ?? [];
  const bytes = SIZES[unit.toLowerCase()];
  return amount === undefined || bytes === undefined ? undefined : Number(amount) * bytes;
}

/** `65`, `65s`, `1m30s`. */
export function nginxTime(text: string | undefined): Milliseconds | undefined {
  if (text === undefined || !/^(?:\d+(?:ms|[smhd])?)+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(ms|[smhd])?/g)];
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (TIMES[unit] ?? 0), 0);
}
