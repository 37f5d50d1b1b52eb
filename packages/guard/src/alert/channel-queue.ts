import { type Clock, CodedError, HOUR, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { Schedule } from '../sample/schedule.ts';
import type { AlertMessage } from './alert-message.ts';
import type { Channel, ChannelName } from './channel.ts';
import { RateWindow } from './rate-window.ts';

/** What became of a message on one channel; `reason` is the code of an alert error. */
export interface DeliveryReport {
  readonly channel: ChannelName;
  readonly message: AlertMessage;
  readonly outcome: 'sent' | 'lost';
  readonly error: CodedError | null;
}

export interface ChannelState {
  readonly channel: ChannelName;
  readonly queued: number;
  readonly sent: number;
  /** Tries that failed. */
  readonly failures: number;
  /** Messages given up: refused, too old, or pushed out of a full queue. */
  readonly lost: number;
  readonly lastSentAtMs: number | null;
  readonly lastFailure: { readonly code: string; readonly message: string; readonly atMs: number } | null;
}

export interface ChannelQueueOptions {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly onDelivery: (report: DeliveryReport) => void;
  /** Told to a reader of the next message that gets through. */
  readonly describeLost: (count: number) => string;
}

// A message is some 2 KB: 100 KB of a channel that does not work. Who has 50 open alerts looks at the console.
const MOST_QUEUED = 50;

// 2, 4, 8 … seconds, up to five minutes: a restarted proxy is found again at once, a dead one is left in peace.
const FIRST_RETRY_MS: Milliseconds = 2 * SECOND;
const LONGEST_RETRY_MS: Milliseconds = 5 * MINUTE;

// After an hour the alert has a reminder or a recovery behind it, which says more.
const MOST_TRIES = 20;
const OLDEST_MS: Milliseconds = HOUR;

// The bots answer in 0.1 to 1 s; a handshake over a bad line takes three.
const TRY_TIMEOUT_MS: Milliseconds = 10 * SECOND;

interface Queued {
  readonly message: AlertMessage;
  readonly sinceMs: Milliseconds;
  tries: number;
}

/** Carries messages to one channel: in order, one at a time, at its rate, again when it fails. Never throws. */
export class ChannelQueue {
  readonly #options: ChannelQueueOptions;
  readonly #rate: RateWindow;
  readonly #queue: Queued[] = [];
  readonly #stopping = new AbortController();
  #isBusy = false;
  #cancelTimer: (() => void) | undefined;
  #notBeforeMs: Milliseconds = 0;
  #sent = 0;
  #failures = 0;
  #lost = 0;
  #lostUntold = 0;
  #lastSentAtMs: number | null = null;
  #lastFailure: ChannelState['lastFailure'] = null;

  constructor(options: ChannelQueueOptions) {
    this.#options = options;
    this.#rate = new RateWindow(options.channel.limits);
  }

  state(): ChannelState {
    return {
      channel: this.#options.channel.name,
      queued: this.#queue.length,
      sent: this.#sent,
      failures: this.#failures,
      lost: this.#lost,
      lastSentAtMs: this.#lastSentAtMs,
      lastFailure: this.#lastFailure,
    };
  }

  /** Takes a message; when fifty wait, the oldest that is not on its way goes. */
  add(message: AlertMessage): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#queue.length >= MOST_QUEUED) this.#lose(this.#isBusy ? 1 : 0, null);
    this.#queue.push({ message, sinceMs: this.#options.clock.monotonic(), tries: 0 });
    this.#next();
  }

  /** Ends at once; what waits is gone. */
  stop(): void {
    this.#stopping.abort();
    this.#cancelTimer?.();
    this.#queue.length = 0;
  }

  #next(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const [first] = this.#queue;
    if (first === undefined || this.#isBusy || this.#stopping.signal.aborted) return;
    const { clock, schedule } = this.#options;
    const now = clock.monotonic();
    const waitMs = Math.max(this.#rate.waitMs(now), this.#notBeforeMs - now);
    if (waitMs > 0) this.#cancelTimer = schedule(() => this.#next(), waitMs);
    else void this.#try(first);
  }

  async #try(queued: Queued): Promise<void> {
    const { channel, clock } = this.#options;
    this.#isBusy = true;
    this.#rate.take(clock.monotonic());
    const untold = this.#lostUntold;
    const error = await this.#send(withLost(queued.message, untold, this.#options.describeLost), channel);
    this.#isBusy = false;
    if (this.#stopping.signal.aborted) return;
    if (error === undefined) this.#succeeded(queued, untold);
    else this.#failed(queued, error);
    this.#next();
  }

  async #send(message: AlertMessage, channel: Channel): Promise<unknown> {
    try {
      const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(TRY_TIMEOUT_MS)]);
      await channel.send(message, signal);
      return undefined;
    } catch (error) {
      return error ?? new Error('unknown');
    }
  }

  #succeeded({ message }: Queued, told: number): void {
    this.#queue.shift();
    this.#sent += 1;
    this.#lostUntold -= told;
    this.#lastSentAtMs = this.#options.clock.now();
    this.#report({ channel: this.#options.channel.name, message, outcome: 'sent', error: null });
  }

  #failed(queued: Queued, error: unknown): void {
    const { clock, random } = this.#options;
    const now = clock.monotonic();
    queued.tries += 1;
    this.#failures += 1;
    const coded = error instanceof CodedError ? error : null;
    this.#lastFailure = {
      code: coded?.code ?? 'ALERT_FAILED',
      message: coded?.message ?? (error instanceof Error ? error.name : 'unknown'),
      atMs: clock.now(),
    };
    const retryMs =
      Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (queued.tries - 1)) * (0.5 + random() / 2);
    const askedMs = (coded?.retryAfterSeconds ?? 0) * SECOND;
    const isHopeless = coded?.code !== 'ALERT_UNREACHABLE' && coded?.code !== 'ALERT_RATE_LIMITED';
    const isOld = queued.tries >= MOST_TRIES || now - queued.sinceMs > OLDEST_MS;
    // A rate limit is about the channel, whatever becomes of this message.
    if (!isHopeless) this.#notBeforeMs = now + Math.max(retryMs, askedMs);
    if (isHopeless || isOld) this.#lose(0, coded);
  }

  #lose(index: number, error: CodedError | null): void {
    const [lost] = this.#queue.splice(index, 1);
    if (lost === undefined) return;
    this.#lost += 1;
    this.#lostUntold += 1;
    this.#report({ channel: this.#options.channel.name, message: lost.message, outcome: 'lost', error });
  }

  #report(report: DeliveryReport): void {
    try {
      this.#options.onDelivery(report);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}

function withLost(message: AlertMessage, lost: number, describe: (count: number) => string): AlertMessage {
  return lost === 0 ? message : { ...message, text: `${message.text}\n${describe(lost)}` };
}
