import { type Bytes, MiB, type Milliseconds } from '@maque/kit';

/** How figures are shown: no more digits than the measurement is good for. */
export const show = {
  count: (value: number): string => Math.round(value).toLocaleString('en-US'),
  ratio: (value: number): string => value.toFixed(2),
  micros: (value: number): string => `${value.toFixed(1)} µs`,
  cores: (value: number): string => value.toFixed(3),
  mebibytes: (bytes: Bytes): string => `${(bytes / MiB).toFixed(0)} MiB`,
  ms: (ms: Milliseconds): string => (ms < 10 ? `${ms.toFixed(2)} ms` : `${Math.round(ms)} ms`),
};
