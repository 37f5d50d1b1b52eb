/** How often a path may be called; WeChat's numbers stand in the list of routes. */
export interface PathRates {
  readonly perSecond?: number;
  readonly perMinute?: number;
  /** A day in China. */
  readonly perDay?: number;
  /** What is answered beyond `perMinute`: 44991 unless told. */
  readonly minuteErrcode?: number;
  /** What is answered beyond `perDay`: 45009 unless told. */
  readonly dayErrcode?: number;
  /** Paths of one group share their calls of a day. */
  readonly dayGroup?: string;
}
