import { type Bytes, KiB, MiB } from '@maque/kit';
import { atSize, type Component } from '../component.ts';

// Measured with 1,000 requests held at once (Node 26): 3.8 KiB each without a body, 4.5 with an order, and 14 at the
// peak with a body of 4 KiB, up to which the server does not count bodies by themselves.
const REQUEST_BYTES: Bytes = 16 * KiB;

// A core is busy with a few at a time; the others wait for WeChat or for the disk, and logins get a quarter.
const LEAST_REQUESTS = 256;
const MOST_REQUESTS = 512;

/** How many requests at once fit into `bytes`. */
export function requestsWithin(bytes: Bytes): number {
  return Math.floor(bytes / REQUEST_BYTES);
}

/** Requests that are being worked on, with their small bodies. */
export function requestsAtOnce(toldConcurrent?: number): Component {
  const component: Component = {
    code: 'REQUESTS',
    name: { en: 'requests at once', zh: '并发请求' },
    floorBytes: LEAST_REQUESTS * REQUEST_BYTES,
    ceilingBytes: MOST_REQUESTS * REQUEST_BYTES,
    weight: 5,
    settle: (offered) => Math.floor(offered / MiB) * MiB,
    formula: (bytes) => `${requestsWithin(bytes)} × 0.016`,
    source: {
      en: 'measured: 4 to 14 KiB for each request with a body of up to 4 KiB',
      zh: '实测：每个请求（含 4 KiB 以内的请求体）4–14 KiB',
    },
  };
  return atSize(component, toldConcurrent === undefined ? undefined : toldConcurrent * REQUEST_BYTES);
}
