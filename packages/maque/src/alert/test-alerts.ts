import { resolve } from 'node:path';
import { sendTestAlert, type TestOutcome } from '@maque/guard/alert';
import { formatDuration, say, type Text } from '@maque/kit';
import type { ExitCode, Invocation, Surroundings } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { readSettings } from '../settings/read-settings.ts';
import { alertOptionsOf } from './alert-options-of.ts';

const WORDS = {
  sent: { en: '{channel}: sent in {time}', zh: '{channel}：已送达，用时 {time}' },
  failed: { en: '{channel}: {reason} ({code})', zh: '{channel}：{reason}({code})' },
} satisfies Record<string, Text>;

/** `maque alert test`: sends a message through every channel that is set, and tells what each answered. */
export async function testAlerts(invocation: Invocation): Promise<ExitCode> {
  const { arguments: given, options, surroundings } = invocation;
  const [app = '.'] = given;
  const { settings } = readSettings(invocation, app);
  const alerts = alertOptionsOf(settings.values, resolve(surroundings.cwd, app), surroundings.language);
  if (alerts === undefined) throw commandErrors.ALERT_CHANNELS_MISSING();
  const outcomes = await sendTestAlert(alerts);
  if (options.json === true) surroundings.terminal.out(JSON.stringify(outcomes.map(rowOf), null, 2));
  else for (const outcome of outcomes) tell(outcome, surroundings);
  return outcomes.every(({ error }) => error === null) ? 0 : 1;
}

function tell({ channel, tookMs, error }: TestOutcome, { terminal, language }: Surroundings): void {
  if (error === null) {
    const time = formatDuration(Math.round(tookMs));
    terminal.out(`${terminal.style('green', '✔')} ${say(WORDS.sent, language, { channel, time })}`);
  } else {
    const reason = error.messageIn(language);
    terminal.out(
      `${terminal.style('red', '✖')} ${say(WORDS.failed, language, { channel, reason, code: error.code })}`,
    );
  }
}

function rowOf({ channel, tookMs, error }: TestOutcome) {
  const fault = error === null ? null : { code: error.code, message: error.message };
  return { channel, tookMs: Math.round(tookMs), error: fault };
}
