import type { ProcessStatus, SystemStatus } from '@maque/contract';
import { MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { formatProcesses } from './show-processes.ts';

function statusWith(leak: ProcessStatus['leak']): SystemStatus {
  const process: ProcessStatus = {
    id: 'w1',
    role: 'worker',
    pid: 4121,
    state: 'ready',
    startedAt: '2026-11-20T01:00:00.000Z',
    restarts: 0,
    rss: 118 * MiB,
    pss: 86 * MiB,
    budget: 180 * MiB,
    heapUsed: 56 * MiB,
    heapLimit: 112 * MiB,
    external: 4 * MiB,
    heapFloor: 33 * MiB,
    leak,
    loopDelayP99Ms: null,
    loopUtilization: 0.2,
    requestsPerSecond: 151,
    p50Ms: 1.2,
    p99Ms: null,
    activeRequests: 3,
  };
  return { at: '2026-11-20T03:00:00.000Z', budget: 512 * MiB, used: 86 * MiB, processes: [process] };
}

const leak = {
  pool: 'external',
  verdict: 'leaking',
  probability: 0.967,
  bytesPerSecond: MiB / 2,
  timeToLimitMs: 840_000,
} as const;

it('ends with the sum while nothing grows', () => {
  const lines = formatProcesses(statusWith(null), 'en');
  expect(lines[2]).toMatch(/^w1 +4121 +ready +2 h +0 +86 MiB +180 MiB +50 % +151\.0 +1\.2 ms +-/);
  expect(lines.at(-1)).toMatch(/^in all +86 MiB +512 MiB/);
});

it('says below it what grows', () => {
  expect(formatProcesses(statusWith(leak), 'en').at(-1)).toBe(
    'w1: memory of buffers leaks, 30 MiB a minute; 97 % likely to reach its limit within 30 min',
  );
  expect(formatProcesses(statusWith({ ...leak, verdict: 'growing' }), 'zh-CN').at(-1)).toBe(
    'w1：Buffer 内存增长，每分钟 30 MiB；30 分钟内触及上限的概率 97 %',
  );
});
