/** Points in order of time, as columns. */
export interface GrowthPoints {
  readonly count: number;
  /** Milliseconds before now, falling. */
  readonly agoMs: Float64Array;
  /** What growth is measured against, as far from now: time itself, or requests of a route stretched to the same span. */
  readonly axis: Float64Array;
  readonly mebibytes: Float64Array;
  /** 1 for a measured floor, more for one that was forced, less for a bound that garbage may have lifted. */
  readonly weight: Float64Array;
}

export interface NoisePrior {
  /** MiB by which a point strays when nothing leaks, until the points themselves say more. */
  readonly sigma: number;
  /** How many points this is worth. */
  readonly worth: number;
}

/** A moment between the points: where the growth may begin, bend or end. */
export interface Knot {
  readonly agoMs: number;
  readonly axis: number;
  /** Index of the first point that is not older. */
  readonly index: number;
}

/** A shape of growth, fitted by least squares. */
export interface GrowthFit {
  /** MiB before the growth, and now. */
  readonly base: number;
  readonly level: number;
  /** MiB per millisecond of the axis, now, and its standard error. */
  readonly rate: number;
  readonly rateError: number;
  /** Logarithm of the evidence, up to a constant that all fits of the same points share. */
  readonly evidence: number;
}

// Neighbouring points share garbage and requests in flight: a point is worth this much of one that stands alone.
const NEWS = 0.7;
const SUMS = 6;

/**
 * Fits shapes of growth to points: flat until `onset`, straight until `bend`, then at `after` times the rate (0: it has
 * stopped, 1: it goes on). The sums over all earlier points are kept with each, so that a fit loops over none of them.
 */
export class GrowthFitter {
  readonly #points: GrowthPoints;
  readonly #noise: NoisePrior;
  /** Of the points before each: w, wx, wxx, wy, wxy, wyy. */
  readonly #sums: Float64Array;
  /** Points' worth of news, and Schwarz' price of a parameter. */
  readonly #news: number;
  readonly #price: number;

  constructor(points: GrowthPoints, noise: NoisePrior) {
    this.#points = points;
    this.#noise = noise;
    this.#sums = new Float64Array((points.count + 1) * SUMS);
    let worth = 0;
    for (let index = 0; index < points.count; index += 1) {
      this.#addUp(index);
      // A point that is more exact than others is still one.
      worth += Math.min(1, at(points.weight, index));
    }
    this.#news = worth * NEWS;
    this.#price = Math.log1p(this.#news) / 2;
  }

  /** Nothing grew: one level for all points. */
  flat(): GrowthFit {
    const all = this.#points.count * SUMS;
    const w = at(this.#sums, all);
    const wy = at(this.#sums, all + 3);
    const base = wy / w;
    const evidence = this.#evidence(at(this.#sums, all + 5) - wy * base);
    return { base, level: base, rate: 0, rateError: 0, evidence };
  }

  /** Null when the points would have to shrink, or do not tell. */
  fit(onset: Knot, bend: Knot, after: number): GrowthFit | null {
    const sums = this.#sums;
    const first = onset.index * SUMS;
    const last = bend.index * SUMS;
    const all = this.#points.count * SUMS;
    // Growth up to the bend is `start - x`, after it `offset - after * x`, where x is the axis' distance from now.
    const start = onset.axis;
    const offset = (start - bend.axis) * (1 - after) + after * start;
    const bw = at(sums, last) - at(sums, first);
    const bx = at(sums, last + 1) - at(sums, first + 1);
    const bxx = at(sums, last + 2) - at(sums, first + 2);
    const cw = at(sums, all) - at(sums, last);
    const cx = at(sums, all + 1) - at(sums, last + 1);
    const cxx = at(sums, all + 2) - at(sums, last + 2);
    const by = at(sums, last + 3) - at(sums, first + 3);
    const cy = at(sums, all + 3) - at(sums, last + 3);
    const bxy = at(sums, last + 4) - at(sums, first + 4);
    const cxy = at(sums, all + 4) - at(sums, last + 4);
    const ws = start * bw - bx + offset * cw - after * cx;
    const wss =
      start * (start * bw - 2 * bx) + bxx + offset * (offset * cw - 2 * after * cx) + after * after * cxx;
    const wsy = start * by - bxy + offset * cy - after * cxy;
    return this.#solve(ws, wss, wsy, offset, after);
  }

  /** Growth that approaches a bound and has come closer by 63 % with every `constant` of the axis. `rate` is all of it. */
  settling(onset: Knot, constant: number): GrowthFit | null {
    const { count, axis, mebibytes, weight } = this.#points;
    let ws = 0;
    let wss = 0;
    let wsy = 0;
    for (let index = onset.index; index < count; index += 1) {
      const grown = 1 - Math.exp((at(axis, index) - onset.axis) / constant);
      const weighted = at(weight, index) * grown;
      ws += weighted;
      wss += weighted * grown;
      wsy += weighted * at(mebibytes, index);
    }
    return this.#solve(ws, wss, wsy, 1 - Math.exp(-onset.axis / constant), 1);
  }

  /** Evidence of steps before these points, in order: one level up to each, and one after the last. */
  steps(before: readonly number[]): number {
    let misfit = 0;
    let from = 0;
    for (const index of [...before, this.#points.count]) {
      misfit += this.#aroundMean(from, index);
      from = index;
    }
    return this.#evidence(misfit) - before.length * this.#price;
  }

  #aroundMean(from: number, to: number): number {
    const sums = this.#sums;
    const w = at(sums, to * SUMS) - at(sums, from * SUMS);
    const wy = at(sums, to * SUMS + 3) - at(sums, from * SUMS + 3);
    const wyy = at(sums, to * SUMS + 5) - at(sums, from * SUMS + 5);
    return w > 0 ? Math.max(0, wyy - (wy * wy) / w) : 0;
  }

  #solve(ws: number, wss: number, wsy: number, grown: number, after: number): GrowthFit | null {
    const all = this.#points.count * SUMS;
    const w = at(this.#sums, all);
    const wy = at(this.#sums, all + 3);
    const wyy = at(this.#sums, all + 5);
    const spread = wss - (ws * ws) / w;
    if (!(spread > wss * 1e-9)) return null;
    const rate = (wsy - (ws * wy) / w) / spread;
    if (!(rate > 0)) return null;
    const base = (wy - rate * ws) / w;
    const misfit = Math.max(0, wyy - base * wy - rate * wsy);
    const { worth, sigma } = this.#noise;
    const variance = (misfit * NEWS + worth * sigma * sigma) / (this.#news + worth);
    return {
      base,
      level: base + rate * grown,
      rate: rate * after,
      rateError: after * Math.sqrt(variance / (spread * NEWS)),
      evidence: this.#evidence(misfit) - this.#price,
    };
  }

  /** Student's marginal likelihood, with a scaled inverse chi-squared prior of the noise. */
  #evidence(misfit: number): number {
    const { worth, sigma } = this.#noise;
    const scaled = (Math.max(0, misfit) * NEWS) / (worth * sigma * sigma);
    return (-(worth + this.#news) / 2) * Math.log1p(scaled);
  }

  #addUp(index: number): void {
    const { weight, axis, mebibytes } = this.#points;
    const sums = this.#sums;
    const w = at(weight, index);
    const x = at(axis, index);
    const y = at(mebibytes, index);
    const here = index * SUMS;
    const next = here + SUMS;
    sums[next] = at(sums, here) + w;
    sums[next + 1] = at(sums, here + 1) + w * x;
    sums[next + 2] = at(sums, here + 2) + w * x * x;
    sums[next + 3] = at(sums, here + 3) + w * y;
    sums[next + 4] = at(sums, here + 4) + w * x * y;
    sums[next + 5] = at(sums, here + 5) + w * y * y;
  }
}

/** Where growth that goes on has its end. */
export function knotNow(points: GrowthPoints): Knot {
  return { agoMs: 0, axis: 0, index: points.count };
}

/** The knot at this age, its axis on the straight line between the points around it. */
export function knotAt(points: GrowthPoints, agoMs: number): Knot {
  const { count, agoMs: agos, axis } = points;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(agos, middle) > agoMs) low = middle + 1;
    else high = middle;
  }
  const toAgo = low < count ? at(agos, low) : 0;
  const toAxis = low < count ? at(axis, low) : 0;
  if (low === 0) return { agoMs, axis: toAxis, index: low };
  const span = at(agos, low - 1) - toAgo;
  const share = span > 0 ? Math.min(1, Math.max(0, (agoMs - toAgo) / span)) : 0;
  return { agoMs, axis: toAxis + (at(axis, low - 1) - toAxis) * share, index: low };
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
