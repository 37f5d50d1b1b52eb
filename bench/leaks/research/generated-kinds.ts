import { type Curve, nothing, rising, scaled, settling, together } from './curves.ts';
import type { Draw } from './draw.ts';

/** What a kind of process is drawn from. Times are in seconds of the trace. */
export interface Setting {
  readonly draw: Draw;
  readonly seconds: number;
  /** How many times longer than the recordings, which take some 200 s: 1, 15 for an hour, 400 for a day. */
  readonly stretch: number;
  readonly heapMebibytes: number;
  readonly boxMebibytes: number;
  readonly traffic: Curve;
  /** Traffic since the start, in seconds of mean traffic. */
  readonly work: Curve;
  /** How long a leak takes from its start to the limit. */
  readonly leakSeconds: readonly [shortest: number, longest: number];
}

/** MiB of what lives beyond an idle process. */
export interface Growth {
  readonly heap?: Curve;
  readonly external?: Curve;
  readonly native?: Curve;
  /** MiB of external memory that die each second. */
  readonly dyingExternal?: Curve;
  readonly leak?: {
    readonly startSeconds: number;
    readonly pool: 'heap' | 'external' | 'native';
    readonly perSecond: number;
  };
}

export type Kind = (setting: Setting) => Growth;

const IDLE_HEAP = 12;
const IDLE_BOX = 110;
// Recordings watch a late leak for 150 s and more.
const WATCHED = 130;

const size = ({ draw, heapMebibytes }: Setting): number => draw.scaled(0.03, 0.25) * heapMebibytes;

/** Half of them take long and become large. */
const fill: Kind = (setting) => {
  const { draw, stretch, heapMebibytes, work } = setting;
  const isLong = draw.chance(0.5);
  const full = draw.scaled(isLong ? 0.08 : 0.03, 0.25) * heapMebibytes;
  const seconds = (isLong ? draw.between(80, 150) : draw.scaled(25, 140)) * stretch;
  return { heap: (second) => Math.min(full, (full / seconds) * work(second)) };
};

const lateFill: Kind = (setting) => {
  const { draw, stretch } = setting;
  return {
    heap: scaled(size(setting), rising(draw.between(30, 90) * stretch, draw.scaled(15, 70) * stretch)),
  };
};

const randomKeys: Kind = (setting) => ({
  heap: scaled(size(setting), settling(0, setting.draw.scaled(12, 60) * setting.stretch)),
});

/** Documents asked for by Zipf's law: the cache fills with the logarithm of the requests. */
const rareKeys: Kind = (setting) => {
  const { draw, stretch, seconds, work } = setting;
  const full = size(setting);
  const early = draw.between(2, 20) * stretch;
  const most = Math.log1p(seconds / early);
  return { heap: (second) => (full * Math.log1p(work(second) / early)) / most };
};

/** Two generations, the older of which is dropped whole. */
const twoGenerations: Kind = (setting) => {
  const { draw, stretch, work } = setting;
  const full = size(setting);
  const seconds = draw.between(15, 60) * stretch;
  return {
    heap: (second) => {
      const turns = work(second) / seconds;
      return (full / 2) * (turns < 1 ? turns : 1 + (turns % 1));
    },
  };
};

const lifetime: Kind = (setting) => {
  const { draw, stretch, work } = setting;
  const lifetimeSeconds = draw.scaled(30, 130) * stretch;
  const full = size(setting);
  return {
    heap: (second) => (full * (work(second) - work(Math.max(0, second - lifetimeSeconds)))) / lifetimeSeconds,
  };
};

const tide: Kind = (setting) => {
  const { draw, stretch } = setting;
  const period = draw.between(90, 260) * stretch;
  const phase = draw.between(-0.3, 0.3);
  const height = size(setting) / 2;
  return { heap: (second) => height * (1 - Math.cos(2 * Math.PI * (second / period + phase))) };
};

const poolRamp: Kind = (setting) => {
  const { draw, stretch } = setting;
  const over = draw.between(60, 140) * stretch;
  const full = size(setting);
  return { heap: scaled(full * 0.7, rising(0, over)), external: scaled(full * 0.3, rising(0, over)) };
};

const inFlight: Kind = ({ draw, traffic }) => {
  const heap = draw.between(2, 12);
  const external = draw.between(0, 6);
  return {
    heap: (second) => heap * traffic(second) * draw.between(0.8, 1.2),
    external: (second) => external * traffic(second) * draw.next(),
  };
};

/** Modules loaded late, or a deploy within the process. */
const step: Kind = (setting) => {
  const { draw, stretch } = setting;
  const once = rising(draw.between(30, 150) * stretch, draw.between(1, 8) * Math.min(stretch, 4));
  return { heap: scaled(size(setting), once), external: scaled(draw.between(0, 15), once) };
};

/** Rows are gathered, and let go together: a leak until then. */
const batches: Kind = (setting) => {
  const { draw, stretch } = setting;
  const every = draw.between(50, 110) * stretch;
  const gathers = draw.between(0.3, 0.6) * every;
  const begins = draw.between(0, 0.4) * every;
  const full = draw.scaled(0.03, 0.15) * setting.heapMebibytes;
  return {
    heap: (second) => {
      const since = (second + every - begins) % every;
      return second > begins && since < gathers ? (full * since) / gathers : 0;
    },
  };
};

/** An allocator has what it keeps after minutes, however long one looks. */
const allocator: Kind = ({ draw, stretch, heapMebibytes }) => {
  const constant = draw.between(10, 50) * Math.min(stretch, 4);
  return { native: scaled((draw.between(20, 110) * heapMebibytes) / 256, settling(0, constant)) };
};

/** A page cache outside the heap, filled by random reads. */
const nativeCache: Kind = ({ draw, stretch, boxMebibytes }) => ({
  native: scaled(draw.scaled(0.04, 0.16) * boxMebibytes, settling(0, draw.between(15, 50) * stretch)),
});

const bufferPool: Kind = ({ draw, stretch }) => {
  const noise = draw.between(0, 10);
  const full = settling(draw.between(0, 30) * stretch, draw.between(10, 45) * stretch);
  const height = draw.scaled(5, 60);
  return { external: (second) => height * full(second) + noise * draw.next() };
};

/** The last so many pictures: a ring of Buffers fills in order, and then each new one makes garbage of the oldest. */
const bufferRing: Kind = (setting) => {
  const { draw, stretch, boxMebibytes, work } = setting;
  const full = draw.scaled(0.04, 0.18) * boxMebibytes;
  const perSecond = full / (draw.scaled(25, 120) * stretch);
  return {
    external: (second) => Math.min(full, perSecond * work(second)),
    dyingExternal: (second) => (perSecond * work(second) > full ? perSecond : 0),
  };
};

const leak =
  (pool: 'heap' | 'external' | 'native', isLate = false): Kind =>
  ({ draw, seconds, stretch, heapMebibytes, boxMebibytes, work, leakSeconds }) => {
    const latest = Math.min(95, seconds / stretch - WATCHED);
    const startSeconds = isLate ? draw.between(35, latest) * stretch : 0;
    const room = pool === 'heap' ? heapMebibytes - IDLE_HEAP : boxMebibytes - IDLE_BOX;
    const perSecond = room / draw.scaled(...leakSeconds);
    const grown: Curve = (second) => Math.max(0, work(second) - work(startSeconds)) * perSecond;
    return { [pool]: grown, leak: { startSeconds, pool, perSecond } };
  };

/** A warm cache on top of the leak. */
const leakAndFill: Kind = (setting) => {
  const leaking = leak('heap')(setting);
  const { draw, stretch } = setting;
  const warm = scaled(size(setting) * 0.4, settling(0, draw.between(10, 40) * stretch));
  return { ...leaking, heap: together(leaking.heap ?? nothing, warm) };
};

export const KINDS: Readonly<Record<string, Kind>> = {
  flat: () => ({}),
  fill,
  'late fill': lateFill,
  'fill by random keys': randomKeys,
  'fill by rare keys': rareKeys,
  'two generations': twoGenerations,
  lifetime,
  tide,
  'pool ramp': poolRamp,
  'in flight': inFlight,
  step,
  batches,
  allocator,
  'native cache': nativeCache,
  'buffer pool': bufferPool,
  'buffer ring': bufferRing,
  leak: leak('heap'),
  'late leak': leak('heap', true),
  'external leak': leak('external'),
  'late external leak': leak('external', true),
  'native leak': leak('native'),
  'leak and fill': leakAndFill,
};
