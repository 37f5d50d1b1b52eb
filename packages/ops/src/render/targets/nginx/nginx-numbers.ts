import { type Bytes, KiB, MiB } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';

/** Of the disk for kept answers. */
const CACHE_SHARE_OF_DISK = 0.01;
const LEAST_CACHE: Bytes = 32 * MiB;
const MOST_CACHE: Bytes = 256 * MiB;

/** `proxy_cache_path … max_size`. */
export function cacheBytes({ request }: BoxPlan): Bytes {
  const share = CACHE_SHARE_OF_DISK * (request.box.diskBytes ?? 0);
  return wholeMiB(Math.min(MOST_CACHE, Math.max(LEAST_CACHE, share)));
}

/** `64k`, `12m`: as nginx writes sizes, never more than it is. */
export function nginxSize(bytes: Bytes): string {
  if (bytes >= MiB && bytes % MiB === 0) return `${bytes / MiB}m`;
  return bytes >= KiB ? `${Math.floor(bytes / KiB)}k` : String(bytes);
}

function wholeMiB(bytes: Bytes): Bytes {
  return Math.floor(bytes / MiB) * MiB;
}
