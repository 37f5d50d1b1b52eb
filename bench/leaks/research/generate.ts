import { DAY, HOUR, MiB, SECOND } from '@maque/kit';
import { areaUnder, drawTraffic, nothing } from './curves.ts';
import { drawFrom } from './draw.ts';
import { KINDS } from './generated-kinds.ts';
import type { LabelledTrace } from './labelled-trace.ts';
import { collectLazily } from './lazy-collector.ts';

/** How long processes are watched, and how fast they leak. */
export interface Span {
  /** How many times longer than the recordings, which take some 200 s. */
  readonly stretch: number;
  readonly horizonSeconds: number;
  readonly leakSeconds: readonly [shortest: number, longest: number];
  readonly everySeconds: number;
  readonly heapMebibytes: number;
}

const HOUR_SECONDS = HOUR / SECOND;

export const SPANS = {
  minutes: {
    stretch: 1,
    horizonSeconds: 1800,
    leakSeconds: [320, 1150],
    everySeconds: 5,
    heapMebibytes: 256,
  },
  hour: {
    stretch: 15,
    horizonSeconds: 1800,
    leakSeconds: [HOUR_SECONDS / 2, 2 * HOUR_SECONDS],
    everySeconds: 30,
    heapMebibytes: 256,
  },
  day: {
    stretch: 400,
    horizonSeconds: 1800,
    leakSeconds: [3 * HOUR_SECONDS, 30 * HOUR_SECONDS],
    everySeconds: 120,
    heapMebibytes: 512,
  },
  'day ahead': {
    stretch: 400,
    horizonSeconds: DAY / SECOND,
    leakSeconds: [6 * HOUR_SECONDS, 40 * HOUR_SECONDS],
    everySeconds: 300,
    heapMebibytes: 512,
  },
} as const satisfies Record<string, Span>;

// The guard samples at most this far apart.
const LONGEST_STEP_SECONDS = 5;
// What comes when the limit is nearly reached is no forecast: a trace ends this share of the leak's time or of the horizon
// before, whichever is less.
const ENDS_BEFORE_OF_LEAK = 0.05;
const ENDS_BEFORE_OF_HORIZON = 0.25;

/** One process of a kind, everything about it drawn from the seed. */
export function generate(kind: string, seed: number, span: Span): LabelledTrace {
  const make = KINDS[kind];
  if (make === undefined) throw new RangeError(`no kind is called ${kind}`);
  const { stretch, heapMebibytes, leakSeconds } = span;
  const draw = drawFrom(seed * 7919 + Object.keys(KINDS).indexOf(kind) * 104_729 + stretch);
  const boxMebibytes = 2 * heapMebibytes;
  const seconds = draw.between(180, 250) * stretch;
  const traffic = drawTraffic(draw, seconds);
  const whole = areaUnder(traffic, seconds);
  const mean = whole(seconds) / seconds;
  const work = (second: number): number => whole(second) / mean;
  const growth = make({ draw, seconds, stretch, heapMebibytes, boxMebibytes, traffic, work, leakSeconds });
  const { heap = nothing, external = nothing, native = nothing, dyingExternal = nothing, leak } = growth;
  const idle = draw.between(7, 16);
  const noise = draw.scaled(0.1, 1.2);
  const samples = collectLazily(
    {
      heap: (second) => idle + heap(second) + (draw.next() - 0.3) * noise,
      external: (second) => 4 + external(second),
      native,
      traffic,
      dyingExternal,
    },
    { seconds, stepSeconds: Math.min(0.5 * stretch, LONGEST_STEP_SECONDS), heapMebibytes, boxMebibytes },
    draw,
  );
  const name = `${kind} ${seed}`;
  if (leak === undefined) return { name, group: kind, samples, leak: null };
  const { startSeconds, perSecond, pool } = leak;
  const limit = pool === 'heap' ? heapMebibytes : boxMebibytes;
  const taken = samples.map(({ atMs, resident }) => {
    const second = atMs / SECOND;
    return { second, mebibytes: pool === 'heap' ? idle + heap(second) : (resident ?? 0) / MiB };
  });
  const reached = taken.find(({ mebibytes }) => mebibytes >= limit)?.second;
  const left = limit - (taken.at(-1)?.mebibytes ?? 0);
  const exhaustionSeconds = reached ?? seconds + left / perSecond;
  const before = ENDS_BEFORE_OF_LEAK * (exhaustionSeconds - startSeconds);
  const endSeconds = exhaustionSeconds - Math.min(before, ENDS_BEFORE_OF_HORIZON * span.horizonSeconds);
  return {
    name,
    group: kind,
    samples: samples.filter(({ atMs }) => atMs / SECOND < endSeconds),
    leak: { startSeconds, exhaustionSeconds },
  };
}

/** The same number of each kind, from consecutive seeds, one at a time: a set of day-long traces is larger than memory. */
export function* generateSet(count: number, firstSeed: number, span: Span): Generator<LabelledTrace> {
  for (const kind of Object.keys(KINDS)) {
    for (let index = 0; index < count; index += 1) yield generate(kind, firstSeed + index, span);
  }
}
