import { randomUUID } from 'node:crypto';
import { CodedError, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import type { AlertMessage } from './alert-message.ts';
import { type AlertOptions, resolveAlertOptions } from './alert-options.ts';
import { wordingOf } from './alerter.ts';
import type { Channel, ChannelName } from './channel.ts';
import { createChannel } from './channels/create-channel.ts';
import { describeTest } from './format-alert.ts';
import { parseQuietHours } from './quiet-hours.ts';

/** What a channel answered to a test. */
export interface TestOutcome {
  readonly channel: ChannelName;
  readonly tookMs: Milliseconds;
  /** Null when it was taken. */
  readonly error: CodedError | null;
}

const TIMEOUT_MS: Milliseconds = 10 * SECOND;

/**
 * Sends one message that says that nothing is wrong through every channel at once, each tried once.
 * @throws CodedError as `createAlerter`.
 */
export async function sendTestAlert(options: AlertOptions): Promise<TestOutcome[]> {
  const resolved = resolveAlertOptions(options);
  const wording = wordingOf(resolved);
  if (resolved.quietHours !== undefined) parseQuietHours(resolved.quietHours, wording.offsetOf);
  const channels = resolved.channels.map((channel) => createChannel(channel, systemClock));
  const atMs = systemClock.now();
  const message: AlertMessage = {
    id: randomUUID(),
    kind: 'test',
    severity: 'warning',
    source: resolved.source,
    atMs,
    ...describeTest(atMs, resolved.quietHours, wording),
    events: [],
  };
  return Promise.all(channels.map((channel) => tryOnce(channel, message)));
}

async function tryOnce(channel: Channel, message: AlertMessage): Promise<TestOutcome> {
  const beganMs = systemClock.monotonic();
  const outcome = (error: CodedError | null): TestOutcome => ({
    channel: channel.name,
    tookMs: systemClock.monotonic() - beganMs,
    error,
  });
  try {
    await channel.send(message, AbortSignal.timeout(TIMEOUT_MS));
    return outcome(null);
  } catch (error) {
    if (error instanceof CodedError) return outcome(error);
    throw error;
  }
}
