/** What was promised and what came of it. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** A figure that must not exceed a limit. */
export function atMost(what: string, value: number, limit: number, show: (value: number) => string): Goal {
  return { what, wanted: `≤ ${show(limit)}`, measured: show(value), met: value <= limit };
}

/** A figure that must reach a limit. */
export function atLeast(what: string, value: number, limit: number, show: (value: number) => string): Goal {
  return { what, wanted: `≥ ${show(limit)}`, measured: show(value), met: value >= limit };
}

/** Faults of which there must be none. */
export function none(what: string, faults: readonly string[]): Goal {
  const [first, ...others] = faults;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return {
    what,
    wanted: 'none',
    measured: first === undefined ? 'none' : `${first}${more}`,
    met: first === undefined,
  };
}
