import { expect, test } from 'vitest';
import type { LoadMeasurement, Usage } from '../runs/measure-load.ts';
import type { ShopRound } from '../runs/shop-round.ts';
import type { StackName } from '../stacks/stack.ts';
import type { BenchResult } from './bench-result.ts';
import { judge } from './goals.ts';
import { textReport } from './text-report.ts';

const MiB = 1024 * 1024;
const machine = {
  at: '2026-11-20T00:00:00.000Z',
  cpu: 'a CPU',
  cores: 2,
  memoryBytes: 2048 * MiB,
  kernel: '6',
  node: 'v26.0.0',
  loadBefore: 0,
  commit: null,
};

interface Figures {
  readonly micros: number;
  readonly requestsPerSecond: number;
  readonly pss: number;
  readonly wrong?: number;
}

function round(stack: StackName, { micros, requestsPerSecond, pss, wrong = 0 }: Figures): ShopRound {
  const usage = (cpuMicrosPerRequest: number): Usage => ({
    cores: 1,
    cpuMicrosPerRequest,
    peak: { rss: pss * MiB, pss: pss * MiB },
  });
  const latency = { p50Ms: 1, p99Ms: 2, maxMs: 3 };
  const load: LoadMeasurement = {
    window: {
      seconds: 1,
      right: 1_000,
      shed: 0,
      wrong,
      lost: 0,
      notSent: 0,
      refusedConnections: 0,
      latency,
      sendDelay: null,
      bodyBytesPerAnswer: { products: 1, me: 1, orders: 1, 'order-create': 1 },
      longestSilenceMs: 1,
      failures: [],
      generatorCores: 0.1,
    },
    requestsPerSecond,
    service: usage(micros),
    storage: usage(0),
    totals: { ordersAccepted: 0, quantityAccepted: 0, ordersUnknown: 0 },
  };
  const memory = { rss: pss * MiB, pss: pss * MiB };
  return {
    stack,
    coldStartMs: 100,
    idle: { service: memory, storage: memory },
    closedLoop: load,
    openLoop: load,
    bookFaults: [],
  };
}

function resultWith(maque: Figures): BenchResult {
  const shop = [
    round('maque', maque),
    round('lean', { micros: 40, requestsPerSecond: 25_000, pss: 90 }),
    round('recipe', { micros: 200, requestsPerSecond: 8_000, pss: 440 }),
  ];
  return { machine, rounds: 1, seconds: 1, broken: [], shop };
}

function missed(result: BenchResult): readonly string[] {
  return judge(result)
    .filter(({ met }) => !met)
    .map(({ what }) => what);
}

test('a fast and small stack meets all goals of the shop', () => {
  expect(missed(resultWith({ micros: 45, requestsPerSecond: 30_000, pss: 120 }))).toEqual([]);
});

test('each figure that is not good enough is named', () => {
  expect(missed(resultWith({ micros: 60, requestsPerSecond: 15_000, pss: 300, wrong: 1 }))).toEqual([
    'wrong answers and books, all stacks',
    'requests per CPU-second, of lean',
    'CPU per request, recipe ÷ Maque',
    'req/s, Maque ÷ recipe',
    'idle PSS, keeper + 2 workers',
    'peak PSS under the mix',
  ]);
});

test('a part that broke is a goal missed', () => {
  const result = {
    machine,
    rounds: 1,
    seconds: 1,
    broken: [{ part: 'cgroup', error: 'run as root' }],
  } as const;
  expect(judge(result)).toMatchObject([{ measured: 'run as root', met: false }]);
});

test('the report shows figures, ratios and what was missed', () => {
  const result = resultWith({ micros: 60, requestsPerSecond: 30_000, pss: 120 });
  const text = textReport(result, judge(result));
  expect(text).toMatch(/req\/s +30,000 +25,000 +8,000 +1\.20 +3\.75/);
  expect(text).toMatch(/requests per CPU-second, of lean +≥ 0\.80 +0\.67 +MISSED/);
});
