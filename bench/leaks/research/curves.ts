import type { Draw } from './draw.ts';

/** Something over the seconds of a process: MiB, or traffic around 1. */
export type Curve = (second: number) => number;

export const nothing: Curve = () => 0;

/** From 0 to 1 in a straight line. */
export function rising(from: number, over: number): Curve {
  return (second) => Math.min(1, Math.max(0, (second - from) / over));
}

/** From 0 towards 1, closer by 63 % with every `constant`. */
export function settling(from: number, constant: number): Curve {
  return (second) => (second < from ? 0 : 1 - Math.exp(-(second - from) / constant));
}

export function scaled(factor: number, curve: Curve): Curve {
  return (second) => factor * curve(second);
}

export function together(...curves: readonly Curve[]): Curve {
  return (second) => curves.reduce((sum, curve) => sum + curve(second), 0);
}

/** The area under a curve since 0, from a table of `steps` stretches. */
export function areaUnder(curve: Curve, seconds: number, steps = 2000): Curve {
  const width = seconds / steps;
  const table = new Float64Array(steps + 1);
  for (let step = 0; step < steps; step += 1) {
    table[step + 1] = (table[step] as number) + curve((step + 0.5) * width) * width;
  }
  return (second) => {
    const place = Math.min(steps - 1e-6, Math.max(0, second / width));
    const step = Math.floor(place);
    const low = table[step] as number;
    return low + ((table[step + 1] as number) - low) * (place - step);
  };
}

/** Traffic around 1: even twice as often as in waves, in bursts, or rising. */
export function drawTraffic(draw: Draw, seconds: number): Curve {
  const even: Curve = () => 1;
  const waves = (): Curve => {
    const period = draw.between(0.3, 1.2) * seconds;
    const swing = draw.between(0.2, 0.7);
    const phase = draw.between(0, 2 * Math.PI);
    return (second) => 1 + swing * Math.sin((2 * Math.PI * second) / period + phase);
  };
  const bursts = (): Curve => {
    const every = draw.between(0.08, 0.2) * seconds;
    const height = draw.between(1.5, 4);
    return (second) => (second % every < every * 0.2 ? height : 0.8);
  };
  const rise = (): Curve => {
    const to = draw.between(1.5, 4);
    const over = draw.between(0.3, 1) * seconds;
    return (second) => 1 + (to - 1) * Math.min(1, second / over);
  };
  return draw.of<() => Curve>([() => even, () => even, waves, bursts, rise])();
}
