import { MINUTE, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type ConfirmedPoint, confirmedGrowth } from './confirmation.ts';

function point(minutes: number, mebibytes: number, requests = minutes * 600): ConfirmedPoint {
  return {
    uptimeMs: minutes * MINUTE,
    requests,
    live: { heap: mebibytes * MiB, external: 5 * MiB, native: null },
    limits: { heap: 256 * MiB, external: 512 * MiB, native: null },
  };
}

describe('two confirmed points', () => {
  it('tell a leak by their difference, over time, over requests, and to the limit', () => {
    const { heap, external, native } = confirmedGrowth(point(1, 40), point(2, 46));
    expect(heap).toEqual({
      verdict: 'leaking',
      bytes: 6 * MiB,
      bytesPerSecond: (6 * MiB) / 60,
      bytesPerRequest: (6 * MiB) / 600,
      timeToLimitMs: 35 * MINUTE,
    });
    expect(external?.verdict).toBe('healthy');
    expect(native).toBeNull();
  });

  it('say healthy of what is less than a noticeable part of the way to the limit, or has shrunk', () => {
    expect(confirmedGrowth(point(1, 40), point(2, 43)).heap?.verdict).toBe('healthy');
    expect(confirmedGrowth(point(1, 40), point(2, 30)).heap).toMatchObject({
      verdict: 'healthy',
      timeToLimitMs: null,
    });
  });

  it('say growing of what would take longer than a day', () => {
    expect(confirmedGrowth(point(1, 40), point(60 * 24, 50)).heap?.verdict).toBe('growing');
  });

  it('know nothing by request when there was none', () => {
    expect(confirmedGrowth(point(1, 40, 10), point(2, 60, 10)).heap?.bytesPerRequest).toBeNull();
  });
});
