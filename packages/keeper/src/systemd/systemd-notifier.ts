import { type Clock, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import { NotifyCommand, type SendFault } from './notify-command.ts';
import { Outbox, type ServiceState } from './outbox.ts';
import type { ServiceManager } from './service-manager.ts';

export interface NotifierOptions {
  /** Where `systemd-notify` is looked for: its PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** Asked before each sign of life: whether the keeper does its work. */
  readonly isWell: () => boolean;
  /** Called once, when systemd cannot be told. */
  readonly onFault: (reason: string) => void;
  readonly clock?: Clock;
}

// A message fails for want of memory or of a process, and is tried again while the watchdog (30 s) still waits.
const RETRY_MS: Milliseconds = SECOND;
const MOST_TRIES = 5;

/** Tells systemd how the service is (sd_notify(3)): one message at a time, and in order. Nobody's end waits for it. */
export class SystemdNotifier {
  readonly #command: NotifyCommand;
  readonly #options: NotifierOptions;
  readonly #clock: Clock;
  readonly #outbox = new Outbox();
  #watchdog: NodeJS.Timeout | undefined;
  #statusTimer: NodeJS.Timeout | undefined;
  #isSending = false;
  #hasFault = false;
  #isClosed = false;

  constructor({ notifySocket, watchdogMs }: ServiceManager, options: NotifierOptions) {
    this.#command = new NotifyCommand(notifySocket, options.env);
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    // Half of the time, as sd_watchdog_enabled(3) advises.
    if (watchdogMs !== null) this.#watch(watchdogMs / 2, watchdogMs / 2);
  }

  /** It starts, for at most `withinMs`. */
  starting(withinMs: Milliseconds): void {
    this.#tell('starting', [extension(withinMs)]);
  }

  /** It serves: after the start, or again after {@link reloading}. */
  ready(): void {
    this.#tell('ready', ['READY=1']);
  }

  /** New code or settings come in, for at most `withinMs`. */
  reloading(withinMs: Milliseconds): void {
    // The clock that systemd means, CLOCK_MONOTONIC, is the one that hrtime reads.
    const at = `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`;
    this.#tell('reloading', ['RELOADING=1', at, extension(withinMs)]);
  }

  /** It ends, within `withinMs`. */
  stopping(withinMs: Milliseconds): void {
    this.#tell('stopping', ['STOPPING=1', extension(withinMs)]);
  }

  /** One line for `systemctl status`. */
  status(text: string): void {
    this.#outbox.status(text);
    this.#sendSoon();
  }

  /** Begins no further message. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#watchdog);
    clearTimeout(this.#statusTimer);
  }

  #tell(state: ServiceState, lines: readonly string[]): void {
    this.#outbox.state(state, lines);
    this.#sendSoon();
  }

  /** After what is said in the same breath, which goes in the same message. */
  #sendSoon(): void {
    queueMicrotask(() => this.#send());
  }

  #watch(waitMs: Milliseconds, everyMs: Milliseconds): void {
    const beat = () => {
      const isWell = this.#options.isWell();
      if (isWell) this.#outbox.signOfLife();
      this.#send();
      // One that was stopped itself has yet to look at its workers.
      this.#watch(isWell ? everyMs : Math.min(RETRY_MS, everyMs), everyMs);
    };
    this.#watchdog = setTimeout(beat, waitMs).unref();
  }

  /** Begins a message when there is something to say and nothing on its way. */
  #send(): void {
    if (this.#isSending || this.#isClosed) return;
    const message = this.#outbox.take(this.#clock.monotonic());
    if (message.length > 0) {
      this.#isSending = true;
      void this.#deliver(message).then(() => {
        this.#isSending = false;
        this.#send();
      });
    } else {
      this.#sendStatusLater();
    }
  }

  #sendStatusLater(): void {
    const waitMs = this.#outbox.statusWaitMs(this.#clock.monotonic());
    clearTimeout(this.#statusTimer);
    if (waitMs !== null) this.#statusTimer = setTimeout(() => this.#send(), waitMs).unref();
  }

  async #deliver(message: readonly string[]): Promise<void> {
    for (let tries = 1; !this.#isClosed; tries += 1) {
      const fault = await this.#command.send(message);
      if (fault === null) return;
      this.#failed(fault);
      if (tries === MOST_TRIES) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }

  #failed({ reason, isFinal }: SendFault): void {
    if (isFinal) this.close();
    if (!this.#hasFault) this.#options.onFault(reason);
    this.#hasFault = true;
  }
}

/** systemd takes it as an extension only: a unit that grants more keeps that. */
function extension(ms: Milliseconds): string {
  return `EXTEND_TIMEOUT_USEC=${Math.ceil(ms * 1_000)}`;
}
