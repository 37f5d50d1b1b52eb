import type { Bytes } from '@maque/kit';
import { atSize, type Component } from '../component.ts';
import { inMiB } from '../in-mebibytes.ts';

// While a body is read its chunks and their joined copy exist together.
const COPIES_OF_A_BODY = 2;

// One worker computes one thing at a time; more in flight than this only wait for the database or for WeChat.
const LEAST_CONCURRENT = 8;
const MOST_CONCURRENT = 64;

/** How many requests with the largest allowed body fit into `bytes` at once. */
export function concurrencyWithin(bytes: Bytes, bodyLimitBytes: Bytes): number {
  return Math.floor(bytes / (COPIES_OF_A_BODY * bodyLimitBytes));
}

/** Bodies of the requests that are being worked on; those that wait in the queue have not been read yet. */
export function inFlightBodies(bodyLimitBytes: Bytes, toldConcurrent?: number): Component {
  const perRequest = COPIES_OF_A_BODY * bodyLimitBytes;
  const component: Component = {
    code: 'BODIES',
    name: { en: 'bodies in flight', zh: '处理中的请求体' },
    floorBytes: LEAST_CONCURRENT * perRequest,
    ceilingBytes: MOST_CONCURRENT * perRequest,
    weight: 15,
    settle: (offered) => concurrencyWithin(offered, bodyLimitBytes) * perRequest,
    formula: (bytes) =>
      `${concurrencyWithin(bytes, bodyLimitBytes)} × ${COPIES_OF_A_BODY} × ${inMiB(bodyLimitBytes)}`,
    source: {
      en: 'requests at once × (chunks and joined copy) × body limit',
      zh: '并发请求数 ×(分块与合并后的副本)× 请求体上限',
    },
  };
  return atSize(component, toldConcurrent === undefined ? undefined : toldConcurrent * perRequest);
}
