// Requests per second over the time of a recording. Plain JavaScript, as the scenarios that use them.

/** The same all the time. */
export const steady = (perSecond) => () => perSecond;

/** Waves around a middle, `swing` of it up and down, one each `periodSeconds`. */
export const tide = (perSecond, { swing, periodSeconds, phase = 0 }) => {
  const turns = (second) => second / periodSeconds + phase;
  return (second) => perSecond * (1 + swing * Math.sin(2 * Math.PI * turns(second)));
};

/** Little, and `times` as much for a moment each `everySeconds`. */
export const bursts = (perSecond, { times, everySeconds, forSeconds }) => {
  return (second) => (second % everySeconds < forSeconds ? perSecond * times : perSecond);
};

/** From little to `times` as much, within `overSeconds`. */
export const ramp = (perSecond, { times, overSeconds }) => {
  return (second) => perSecond * (1 + (times - 1) * Math.min(1, second / overSeconds));
};

/** Nothing before this second: a release that brings a route. */
export const since = (startSecond, rate) => (second) => (second < startSecond ? 0 : rate(second));
