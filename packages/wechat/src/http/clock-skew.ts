import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';

/** `noticeable`: more than a minute; `serious`: more than 5 minutes, from where on WeChat Pay refuses what we sign. */
export type SkewLevel = 'none' | 'noticeable' | 'serious';

/** How far this server's clock is from WeChat's. */
export interface ClockSkew {
  readonly level: SkewLevel;
  /** At least this much; positive when this server's clock is ahead. */
  readonly skewMs: Milliseconds;
}

/** When an answer came, by this server's clocks. */
export interface AnswerTime {
  /** Wall clock, ms since the epoch. */
  readonly receivedAtMs: number;
  /** Since the request was sent, by a clock that does not jump. */
  readonly waitedMs: Milliseconds;
}

const NOTICEABLE: Milliseconds = MINUTE;

// WeChat Pay's own rule for signed requests; replay windows of pushes are of this size too.
const SERIOUS: Milliseconds = 5 * MINUTE;

// A clock at a threshold would be told of at every answer: a level is left at four fifths of where it was entered.
const LEAVING = 0.8;

// One answer may come from a server of WeChat's that is itself wrong, or around the very moment when our clock is set.
const ANSWERS_THAT_AGREE = 3;

// The Date header counts whole seconds.
const DATE_STEP: Milliseconds = SECOND;

// What was under way for longer tells too little: the Date may have been written at any moment of it.
const LONGEST_WAIT: Milliseconds = 10 * SECOND;

/**
 * Finds out from the `Date` of WeChat's answers whether this server's clock is right. Only what is certain counts: the
 * header was written at some moment between our request and its answer, so a slow answer makes the skew smaller, never larger.
 */
export class ClockSkewWatch {
  #level: SkewLevel = 'none';
  #candidate: SkewLevel = 'none';
  #agreeing = 0;

  /** Takes an answer's `Date` header; answers the skew when its level has changed, which three answers in a row must say. */
  observe(dateHeader: string | null, time: AnswerTime): ClockSkew | undefined {
    const dateMs = Date.parse(dateHeader ?? '');
    if (Number.isNaN(dateMs) || time.waitedMs > LONGEST_WAIT) return undefined;
    const skewMs = certainSkew(dateMs, time);
    const level = levelOf(Math.abs(skewMs), this.#level);
    this.#agreeing = level === this.#candidate ? this.#agreeing + 1 : 1;
    this.#candidate = level;
    if (level === this.#level || this.#agreeing < ANSWERS_THAT_AGREE) return undefined;
    this.#level = level;
    return { level, skewMs };
  }
}

function certainSkew(dateMs: number, { receivedAtMs, waitedMs }: AnswerTime): Milliseconds {
  const atLeast = receivedAtMs - waitedMs - (dateMs + DATE_STEP);
  const atMost = receivedAtMs - dateMs;
  if (atLeast > 0) return atLeast;
  return atMost < 0 ? atMost : 0;
}

function levelOf(amountMs: Milliseconds, current: SkewLevel): SkewLevel {
  const bar = (enteredAt: Milliseconds, held: boolean) => (held ? enteredAt * LEAVING : enteredAt);
  if (amountMs > bar(SERIOUS, current === 'serious')) return 'serious';
  return amountMs > bar(NOTICEABLE, current !== 'none') ? 'noticeable' : 'none';
}
