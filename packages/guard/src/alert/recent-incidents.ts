import type { Milliseconds } from '@maque/kit';
import type { Incident } from './alert-facts.ts';
import type { IncidentCount } from './readings.ts';
import { RecentDeaths } from './recent-deaths.ts';

// A few rules, a version for each deployment that failed within the window, a code for each matter.
const MOST_KINDS = 32;

/** Counts what happened in a sliding window: by rule, and by version or matter where there is one. */
export class RecentIncidents {
  readonly #windowMs: Milliseconds;
  readonly #kinds = new Map<string, { readonly first: Incident; readonly times: RecentDeaths }>();

  constructor(windowMs: Milliseconds) {
    this.#windowMs = windowMs;
  }

  /** @param nowMs monotonic. */
  add(incident: Incident, nowMs: Milliseconds): void {
    const { rule, version = '', matter = '', process, cause } = incident;
    const key = `${rule}/${version}/${matter}`;
    const kind = this.#kinds.get(key) ?? { first: incident, times: new RecentDeaths(this.#windowMs) };
    if (!this.#kinds.has(key) && this.#kinds.size >= MOST_KINDS) return;
    this.#kinds.set(key, kind);
    kind.times.add({ process, cause }, nowMs);
  }

  /** One for each kind that happened within the window. */
  counts(nowMs: Milliseconds): IncidentCount[] {
    const counts: IncidentCount[] = [];
    for (const [key, { first, times }] of this.#kinds) {
      const count = times.count(nowMs);
      if (count.count === 0) this.#kinds.delete(key);
      else counts.push({ rule: first.rule, of: partOf(first), ...count });
    }
    return counts;
  }
}

function partOf({ version, matter }: Incident): IncidentCount['of'] {
  return { ...(version !== undefined && { version }), ...(matter !== undefined && { matter }) };
}
