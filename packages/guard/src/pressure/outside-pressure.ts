import type { Pressure, PressureLevel } from './pressure.ts';

const RANK: Readonly<Record<PressureLevel, number>> = { none: 0, elevated: 1, critical: 2 };

/** What somebody says who sees more than this process: a keeper sees the whole box, its neighbours too. */
export class OutsidePressure {
  #level: PressureLevel = 'none';
  #own: Pressure | null = null;
  #both: Pressure | null = null;

  note(level: PressureLevel): void {
    this.#level = level;
    this.#own = null;
  }

  /** The worse of it and of what the process itself knows. The same object as long as neither changes. */
  worseOf(own: Pressure): Pressure {
    if (this.#level === 'none' || RANK[own.level] > RANK[this.#level]) return own;
    if (this.#both === null || this.#own !== own) this.#both = this.#join(own, this.#level);
    this.#own = own;
    return this.#both;
  }

  #join(own: Pressure, level: 'elevated' | 'critical'): Pressure {
    const { elevated, critical } = RANK;
    const reason = { code: 'outside', level, value: RANK[level], elevated, critical } as const;
    return { level, reasons: [reason, ...own.reasons] };
  }
}
