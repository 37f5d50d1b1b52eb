import { RingBuffer } from '@maque/kit';
import type { Agenda } from '../agenda.ts';
import type { SimulatorClock } from '../movable-clock.ts';
import { composeNotification, forgeNotification, type NoticeContent } from './compose-notification.ts';
import { NOTICE_LADDER } from './notice-ladder.ts';
import type { Forgery, PayBehaviour } from './pay-behaviour.ts';
import type { PayKeyring } from './pay-keyring.ts';
import type { NoticeState } from './pay-records.ts';
import { type PostOutcome, postNotification } from './post-notification.ts';

// A server of one or two workers answers that many side by side; what is more waits its turn.
const MAX_IN_FLIGHT = 32;

// What a developer scrolls through at most.
const REMEMBERED_DELIVERIES = 200;

/** One try to tell a server something. Holds no secret. */
export interface Delivery {
  /** ISO 8601, UTC: what WeChat said the time was. */
  readonly at: string;
  /** Of the notification: `EV-…` */
  readonly id: string;
  readonly eventType: string;
  /** `out_trade_no`, or `out_refund_no` of a refund. */
  readonly number: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** What was wrong with it on purpose; null for a true one. */
  readonly forgery: Forgery | null;
  /** The server's HTTP status, or why there was none. */
  readonly outcome: PostOutcome | 'lost';
}

/** How many there were of each. */
export interface DeliveryCounts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly repeated: number;
  readonly givenUp: number;
  readonly forged: number;
  /** Forged ones that the server acknowledged: not one should be. */
  readonly forgedAcknowledged: number;
}

/** Something to tell, and where. */
export interface Notice {
  readonly content: NoticeContent;
  /** `out_trade_no`, or `out_refund_no` of a refund. */
  readonly number: string;
  readonly url: string;
  readonly onState: (state: NoticeState) => void;
}

interface NotifierOptions {
  readonly clock: SimulatorClock;
  readonly random: () => number;
  readonly keyring: PayKeyring;
  readonly agenda: Agenda;
  readonly behaviour: () => PayBehaviour;
  /** How much may be under way or still to come. Of what is too much, nobody is told. */
  readonly maxOpen: number;
}

/** Tells servers what happened, again and again until they acknowledge, with all that goes wrong on the way. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #deliveries = new RingBuffer<Delivery>(REMEMBERED_DELIVERIES);
  readonly #counts = {
    ...{ sent: 0, acknowledged: 0, lost: 0, repeated: 0, givenUp: 0, forged: 0, forgedAcknowledged: 0 },
  };
  #underWay = new AbortController();
  readonly #waiting: (() => Promise<void>)[] = [];
  #inFlight = 0;
  /** What is under way or still to come. */
  #open = 0;
  #quiet: (() => void)[] = [];

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Tells it, by and by. */
  announce(notice: Notice): void {
    const { delayed, delayMs, missing } = this.#options.behaviour();
    if (this.#open >= this.#options.maxOpen) {
      this.#giveUp(notice);
      return;
    }
    notice.onState('pending');
    const never = this.#chance(missing);
    const delay = this.#chance(delayed) ? this.#options.random() * delayMs : 0;
    this.#later(delay, () => this.#attempt(notice, 1, never));
    this.forgePerhaps(notice);
  }

  /** Sends a forged one, if the share of these says so. */
  forgePerhaps(notice: Notice): void {
    const { forged, forgeries } = this.#options.behaviour();
    if (forgeries.length === 0 || !this.#chance(forged)) return;
    const kind = forgeries[Math.floor(this.#options.random() * forgeries.length)];
    if (kind !== undefined) this.forge(notice, kind);
  }

  /** Sends a forged one: once, as those who forge do not repeat themselves. */
  forge(notice: Notice, kind: Forgery): void {
    if (this.#open >= this.#options.maxOpen) return;
    this.#later(0, async () => {
      const { keyring, clock } = this.#options;
      const { apiV3Key } = keyring.keys;
      const message = forgeNotification(kind, notice.content, apiV3Key, this.#signingKey(), clock.told());
      const outcome = await this.#post(notice.url, message);
      this.#counts.forged += 1;
      if (isAcknowledged(outcome)) this.#counts.forgedAcknowledged += 1;
      this.#record(notice, 1, kind, outcome);
    });
  }

  /** The last 200 tries, the newest first. */
  deliveries(): Delivery[] {
    return [...this.#deliveries].reverse();
  }

  counts(): DeliveryCounts {
    return { ...this.#counts };
  }

  /** Settles once nothing is under way and no try is still to come. */
  quiet(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => this.#quiet.push(resolve));
  }

  /** Breaks off what is under way, after what was still to come has been forgotten. */
  breakOff(): void {
    this.#underWay.abort();
    this.#underWay = new AbortController();
    this.#waiting.length = 0;
    this.#open = this.#inFlight;
    this.#tellQuiet();
  }

  async #attempt(notice: Notice, attempt: number, never: boolean): Promise<void> {
    const { signal } = this.#underWay;
    const lost = never || this.#chance(this.#options.behaviour().lost);
    const outcome = lost ? 'lost' : await this.#post(notice.url, this.#compose(notice));
    if (signal.aborted) return;
    this.#counts[lost ? 'lost' : 'sent'] += 1;
    this.#record(notice, attempt, null, outcome);
    if (isAcknowledged(outcome)) return this.#acknowledged(notice, attempt);
    const { ladderScale } = this.#options.behaviour();
    const waitMs = NOTICE_LADDER[attempt - 1];
    if (waitMs === undefined) this.#giveUp(notice);
    else this.#later(waitMs * ladderScale, () => this.#attempt(notice, attempt + 1, never));
  }

  #giveUp(notice: Notice): void {
    this.#counts.givenUp += 1;
    notice.onState('given up');
  }

  #acknowledged(notice: Notice, attempt: number): void {
    this.#counts.acknowledged += 1;
    notice.onState('acknowledged');
    const { repeated, delayMs } = this.#options.behaviour();
    if (!this.#chance(repeated)) return;
    this.#later(this.#options.random() * delayMs, async () => {
      const outcome = await this.#post(notice.url, this.#compose(notice));
      this.#counts.repeated += 1;
      this.#record(notice, attempt + 1, null, outcome);
    });
  }

  #compose({ content }: Notice) {
    const { keyring, clock } = this.#options;
    return composeNotification(content, keyring.keys.apiV3Key, this.#signingKey(), clock.told());
  }

  #signingKey() {
    const { keyring, behaviour } = this.#options;
    return this.#chance(behaviour().certificateShare) ? keyring.certificateKey : keyring.publicKey;
  }

  #post(url: string, message: Parameters<typeof postNotification>[1]): Promise<PostOutcome> {
    const { answerTimeoutMs } = this.#options.behaviour();
    return postNotification(url, message, { timeoutMs: answerTimeoutMs, signal: this.#underWay.signal });
  }

  #later(delayMs: number, work: () => Promise<void>): void {
    this.#open += 1;
    this.#options.agenda.in(delayMs, () => {
      this.#waiting.push(work);
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    while (this.#inFlight < MAX_IN_FLIGHT) {
      const work = this.#waiting.shift();
      if (work === undefined) return;
      this.#inFlight += 1;
      void work().finally(() => this.#finished());
    }
  }

  #finished(): void {
    this.#inFlight -= 1;
    this.#open -= 1;
    this.#startWaiting();
    this.#tellQuiet();
  }

  #tellQuiet(): void {
    if (this.#open > 0) return;
    for (const resolve of this.#quiet.splice(0)) resolve();
  }

  #record(notice: Notice, attempt: number, forgery: Forgery | null, outcome: Delivery['outcome']): void {
    const { content, number } = notice;
    const at = new Date(this.#options.clock.told()).toISOString();
    this.#deliveries.push({
      ...{ at, id: content.id, eventType: content.eventType, number },
      ...{ attempt, forgery, outcome },
    });
  }

  #chance(share: number): boolean {
    return share > 0 && this.#options.random() < share;
  }
}

function isAcknowledged(outcome: Delivery['outcome']): boolean {
  return outcome === 200 || outcome === 204;
}
