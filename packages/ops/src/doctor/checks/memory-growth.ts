import { type Bytes, formatBytes, formatDuration, HOUR, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { DoctorSample } from '../samples.ts';

/** A leak of this speed takes 120 MiB a day: on 2 GiB the box lasts for a few days. */
const WARN_BYTES_PER_HOUR = 5 * MiB;
/** Caches fill for some hours after a start; what still grows then is not one. */
const LEAST_SPAN_MS = 6 * HOUR;
/** One every hour of these. */
const LEAST_SAMPLES = 6;
/** A service that lost this part of its memory was started anew: growth counts from there. */
const RESTART_SHARE = 0.6;
/** Of what it has now, a limit that holds it until the leak is found. */
const STOP_GAP_FACTOR = 1.5;
/** Pairs grow with the square: a week of samples of every ten minutes would be a million. */
const MOST_POINTS = 200;

const GROWS: Text = {
  en: '{service} has grown by {rate} an hour for {span}, to {size}; at this rate memory is used up in {left}',
  zh: '{service} 在 {span}内持续以每小时 {rate} 增长，现为 {size}；照此速度，内存将在 {left}后耗尽',
};
const NO_SAMPLES: Text = {
  en: 'growth shows only over time: it needs samples of 6 hours or more; let `maque doctor --record` run every 10 minutes (cron)',
  zh: '增长要一段时间才能看出：需要 6 小时以上的采样；请用 cron 每 10 分钟运行一次 `maque doctor --record`',
};

export const memoryGrowth: Check = {
  id: 'A13',
  name: 'growth',
  group: 'memory',
  title: { en: 'Services that grow and grow', zh: '持续增长的服务' },
  why: {
    en: 'A leak shows for days before it kills: 5 MiB an hour are 120 MiB a day. The rate is the median of the slopes between all pairs of samples (Theil and Sen), which single peaks do not move.',
    zh: '泄漏在杀进程之前几天就能看出：每小时 5 MiB 就是每天 120 MiB。速率取所有采样点两两斜率的中位数（Theil–Sen），不受个别尖峰影响。',
  },
  explanation: {
    en: 'A healthy program takes memory while it warms up and then stays where it is. One that keeps a little of every request grows until something ends it; here is when that would be.',
    zh: '健康的程序在预热时占用内存，之后保持稳定。如果每个请求都留下一点，就会一直涨到被终止为止；这里给出预计的时间。',
  },
  async look({ samples, host }) {
    const [first] = samples;
    const last = samples.at(-1);
    const isEnough =
      samples.length >= LEAST_SAMPLES && (last?.atMs ?? 0) - (first?.atMs ?? 0) >= LEAST_SPAN_MS;
    if (!isEnough || last === undefined || host.nowMs - last.atMs > LEAST_SPAN_MS)
      return [{ kind: 'unknown', reason: NO_SAMPLES, data: {} }];
    const found = Object.keys(last.services).flatMap((service) => grown(service, samples, last));
    if (found.length > 0) return found;
    return [{ kind: 'ok', evidence: `${samples.length} samples, nothing grows steadily` }];
  },
};

interface Point {
  readonly atMs: number;
  readonly bytes: Bytes;
}

function grown(service: string, samples: readonly DoctorSample[], last: DoctorSample): readonly Outcome[] {
  const points = sinceStart(
    samples.flatMap(({ atMs, services }) => {
      const bytes = services[service];
      return bytes === undefined ? [] : [{ atMs, bytes }];
    }),
  );
  const [first] = points;
  const newest = points.at(-1);
  if (first === undefined || newest === undefined || points.length < LEAST_SAMPLES) return [];
  const spanMs = newest.atMs - first.atMs;
  const perHour = medianSlope(thinned(points)) * HOUR;
  if (spanMs < LEAST_SPAN_MS || perHour <= WARN_BYTES_PER_HOUR) return [];
  return [
    {
      kind: 'finding',
      severity: 'warning',
      text: GROWS,
      data: {
        service,
        rate: formatBytes(perHour),
        span: formatDuration(spanMs),
        size: formatBytes(newest.bytes),
        left: formatDuration((last.memoryAvailableBytes / perHour) * HOUR),
      },
      evidence: `${formatBytes(first.bytes)} → ${formatBytes(newest.bytes)} in ${points.length} samples`,
      fix: [
        {
          where: {
            en: 'if it is a Node program: find what it keeps',
            zh: '如果是 Node 程序：查出它留住了什么',
          },
          lines: ['maque run server.js'],
        },
        {
          where: {
            en: 'until then, in its unit: half more than now, and it is started anew',
            zh: '在此之前，在其服务单元中设置：比现在多一半，并自动重启',
          },
          lines: [
            '[Service]',
            `MemoryMax=${Math.ceil((newest.bytes * STOP_GAP_FACTOR) / MiB)}M`,
            'Restart=always',
          ],
        },
      ],
    },
  ];
}

function sinceStart(points: readonly Point[]): readonly Point[] {
  const start = points.findLastIndex((point, index) => {
    // Of the three before, the middle one: to come down from a single peak is no restart.
    const before = points.slice(Math.max(0, index - 3), index).map(({ bytes }) => bytes);
    const middle = before.sort((one, other) => one - other)[Math.floor(before.length / 2)];
    return middle !== undefined && point.bytes < RESTART_SHARE * middle;
  });
  return start === -1 ? points : points.slice(start);
}

function thinned(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => index % step === 0);
}

/** Bytes a millisecond. */
function medianSlope(points: readonly Point[]): number {
  const slopes = points.flatMap((one, index) =>
    points
      .slice(index + 1)
      .filter((other) => other.atMs > one.atMs)
      .map((other) => (other.bytes - one.bytes) / (other.atMs - one.atMs)),
  );
  return slopes.sort((one, other) => one - other)[Math.floor(slopes.length / 2)] ?? 0;
}
