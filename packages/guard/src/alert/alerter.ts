import { type Clock, type Language, type Milliseconds, say, systemClock } from '@maque/kit';
import { type Schedule, scheduleUnreferenced } from '../sample/schedule.ts';
import type { AlertFacts } from './alert-facts.ts';
import { type AlertOptions, type ResolvedAlertOptions, resolveAlertOptions } from './alert-options.ts';
import { WORDS } from './alert-texts.ts';
import { ChannelQueue, type ChannelState, type DeliveryReport } from './channel-queue.ts';
import { createChannel } from './channels/create-channel.ts';
import type { Severity } from './condition.ts';
import { Conditions } from './conditions.ts';
import type { Wording } from './format-alert.ts';
import { Outbox } from './outbox.ts';
import { localOffset, parseQuietHours } from './quiet-hours.ts';
import type { RuleName } from './rules.ts';

/** Something that was told and is not over. */
export interface OpenAlert {
  readonly rule: RuleName;
  readonly process: string | null;
  readonly severity: Severity;
  /** Wall-clock ms. */
  readonly sinceMs: number;
  readonly durationMs: Milliseconds;
  readonly peak: number;
}

export interface AlerterState {
  readonly open: readonly OpenAlert[];
  /** Events that wait for the end of quiet hours. */
  readonly held: number;
  readonly channels: readonly ChannelState[];
}

/** Tells people when something goes wrong, and when it is over. */
export interface Alerter {
  /** The language of its messages. */
  readonly language: Language;
  /**
   * Looks at the facts and tells what there is to tell. To be called every second to every ten seconds: reminders and
   * what waited for others or for the end of quiet hours go out with it too. Never throws, and waits for nothing.
   */
  observe(facts: AlertFacts): void;
  state(): AlerterState;
  /** Ends at once: no timer, no connection is left; what waits is not sent any more. */
  stop(): void;
}

/** What a test may put in the place of the world. */
export interface AlerterSurroundings {
  readonly clock?: Clock;
  readonly schedule?: Schedule;
  /** From 0 to 1. */
  readonly random?: () => number;
  /** Hears of each message that got through or was given up; a warning is emitted for the latter unless told. */
  readonly onDelivery?: (report: DeliveryReport) => void;
}

/**
 * Prepares alerts; nothing is sent or connected before there is something to tell.
 * @throws CodedError `ALERT_OPTION_INVALID`, `ALERT_ADDRESS_…`, `ALERT_QUIET_HOURS_INVALID`,
 * `ALERT_TIME_ZONE_UNKNOWN`.
 */
export function createAlerter(options: AlertOptions, surroundings: AlerterSurroundings = {}): Alerter {
  return new FactAlerter(resolveAlertOptions(options), {
    clock: systemClock,
    schedule: scheduleUnreferenced,
    random: Math.random,
    onDelivery: warnOfLoss,
    ...surroundings,
  });
}

class FactAlerter implements Alerter {
  readonly language: Language;
  readonly #clock: Clock;
  readonly #conditions: Conditions;
  readonly #outbox: Outbox;
  readonly #queues: readonly ChannelQueue[];
  #isStopped = false;
  #hasWarned = false;

  constructor(options: ResolvedAlertOptions, surroundings: Required<AlerterSurroundings>) {
    const { clock } = surroundings;
    const { rules, restartWindowMs, reminderMs, mergeMs, quietHours, language } = options;
    const wording = wordingOf(options);
    this.language = language;
    this.#clock = clock;
    this.#conditions = new Conditions({ rules, restartWindowMs, reminderMs, clock });
    this.#outbox = new Outbox({
      clock,
      mergeMs,
      quietHours: quietHours === undefined ? null : parseQuietHours(quietHours, wording.offsetOf),
      wording,
    });
    this.#queues = options.channels.map(
      (channel) =>
        new ChannelQueue({
          ...surroundings,
          channel: createChannel(channel, clock),
          describeLost: (count) => say(WORDS.lost, language, { count }),
        }),
    );
  }

  observe(facts: AlertFacts): void {
    if (this.#isStopped) return;
    try {
      this.#look(facts);
    } catch (error) {
      // Facts of a wrong shape come again and again; who made them hears of it once.
      if (!this.#hasWarned) process.emitWarning(`Alerts could not read these facts: ${error}`);
      this.#hasWarned = true;
    }
  }

  #look(facts: AlertFacts): void {
    for (const event of this.#conditions.observe(facts)) this.#outbox.add(event);
    for (const message of this.#outbox.take()) {
      for (const queue of this.#queues) queue.add(message);
    }
  }

  state(): AlerterState {
    const now = this.#clock.monotonic();
    return {
      open: this.#conditions.raised().map(({ rule, process, severity, sinceMs, beganMs, peak }) => ({
        rule,
        process,
        severity,
        sinceMs,
        durationMs: now - beganMs,
        peak,
      })),
      held: this.#outbox.held,
      channels: this.#queues.map((queue) => queue.state()),
    };
  }

  stop(): void {
    this.#isStopped = true;
    for (const queue of this.#queues) queue.stop();
  }
}

/** @throws CodedError ALERT_TIME_ZONE_UNKNOWN. */
export function wordingOf({ language, timeZone, source }: ResolvedAlertOptions): Wording {
  return { language, offsetOf: localOffset(timeZone), source };
}

function warnOfLoss({ channel, outcome, error }: DeliveryReport): void {
  if (outcome === 'sent') return;
  process.emitWarning(`An alert was not sent through ${channel}: ${error?.message ?? 'too many waited'}`, {
    code: 'MAQUE_ALERT_LOST',
  });
}
