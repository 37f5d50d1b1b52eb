import { type Bytes, MiB } from '@maque/kit';
import { type Component, fixedComponent } from '../component.ts';

const RESERVED_PERCENT = 15;

/**
 * The part of a limit that is never given away, so much more that whole MiB are left. It is what is left that is
 * rounded: so a larger limit never leaves less.
 */
export function reserveBytes(limitBytes: Bytes): Bytes {
  return limitBytes - Math.floor((limitBytes * (100 - RESERVED_PERCENT)) / 100 / MiB) * MiB;
}

/** The smallest limit in whole MiB that leaves `bytes` after its reserve. */
export function limitWithReserve(bytes: Bytes): Bytes {
  let limit = Math.ceil(bytes / (1 - RESERVED_PERCENT / 100) / MiB) * MiB;
  while (limit - reserveBytes(limit) < bytes) limit += MiB;
  return limit;
}

/** @param bytes what {@link reserveBytes} keeps of the limit at hand, unless `formula` says otherwise. */
export function reserve(bytes: Bytes, formula = `${RESERVED_PERCENT} %`): Component {
  return fixedComponent({
    code: 'RESERVE',
    name: { en: 'page cache and bursts', zh: '页缓存与突发余量' },
    bytes,
    formula,
    source: {
      en: 'never given away: files that are read often live here, and what the sum did not foresee',
      zh: '永不分配：常读的文件缓存和预算没有料到的部分都在这里',
    },
  });
}
