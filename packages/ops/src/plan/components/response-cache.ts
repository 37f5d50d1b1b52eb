import { MiB } from '@maque/kit';
import type { Component } from '../component.ts';
import { inMiB } from '../in-mebibytes.ts';

/** The worker's cache of answers. */
export function responseCache(): Component {
  return {
    code: 'CACHE',
    name: { en: 'answer cache', zh: '响应缓存' },
    // A page of 20 products is about 8 KB: 8 MiB keep a thousand pages, 64 MiB more than a small shop has.
    floorBytes: 8 * MiB,
    ceilingBytes: 64 * MiB,
    weight: 15,
    settle: (offered) => Math.floor(offered / MiB) * MiB,
    formula: inMiB,
    source: { en: 'a bound in bytes that the cache keeps itself', zh: '缓存自身按字节数遵守的上界' },
  };
}
