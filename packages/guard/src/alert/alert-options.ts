import { hostname } from 'node:os';
import { basename } from 'node:path';
import { HOUR, type Language, languageFrom, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { alertErrors } from './alert-errors.ts';
import type { AlertSource } from './alert-message.ts';
import type { ChannelOptions } from './channels/create-channel.ts';
import type { ActiveRules } from './conditions.ts';
import { DEFAULT_LIMITS, RULE_NAMES, type RuleLimits, type RuleName } from './rules.ts';

/** Which alerts, where to, when not. Only channels must be said. */
export interface AlertOptions {
  /** One to ten; several of one type are several groups. */
  readonly channels: readonly ChannelOptions[];
  /** What of a rule shall differ from `DEFAULT_LIMITS`; false turns it off. */
  readonly rules?: Readonly<Partial<Record<RuleName, Partial<RuleLimits> | false>>>;
  /** In how long a time deaths are counted; 15 min unless told, longer than any backoff between starts. */
  readonly restartWindowMs?: Milliseconds;
  /** When an alert that is not over is told again; 4 h unless told: twice in a working day. */
  readonly reminderMs?: Milliseconds;
  /** How long an alert waits for others of its kind; 5 s unless told, since two workers are seldom struck in one second. */
  readonly mergeMs?: Milliseconds;
  /** Local hours such as `23:00-08:00` in which only what is urgent is sent; the rest comes as one message after. */
  readonly quietHours?: string;
  /** An IANA name such as `Asia/Shanghai`; the machine's own unless told. */
  readonly timeZone?: string | undefined;
  /** The language of messages; by `LANG` unless told. */
  readonly language?: Language;
  /** What names the sender: the folder's name, `NODE_ENV` and the host unless told. */
  readonly source?: Partial<AlertSource>;
}

export type ResolvedAlertOptions = Required<
  Omit<AlertOptions, 'rules' | 'source' | 'quietHours' | 'timeZone'>
> & {
  readonly rules: ActiveRules;
  readonly quietHours: string | undefined;
  readonly timeZone: string | undefined;
  readonly source: AlertSource;
};

const OPTION_NAMES = [
  'channels',
  'rules',
  'restartWindowMs',
  'reminderMs',
  'mergeMs',
  'quietHours',
  'timeZone',
  'language',
  'source',
];
const LIMIT_NAMES = ['warning', 'critical', 'clear', 'forMs', 'clearForMs'];
const CHANNEL_TYPES = ['wecom', 'dingtalk', 'feishu', 'email', 'webhook'];
const MOST_CHANNELS = 10;
const NAME_CHARACTERS = 60;

/**
 * Fills in defaults.
 * @throws CodedError ALERT_OPTION_INVALID naming the option; never its value where that may be a secret.
 */
export function resolveAlertOptions(options: AlertOptions): ResolvedAlertOptions {
  refuseUnknown('options', options, OPTION_NAMES);
  const { channels } = options;
  if (!Array.isArray(channels) || channels.length < 1 || channels.length > MOST_CHANNELS) {
    throw invalid('channels', `a list of 1 to ${MOST_CHANNELS}`, 'that');
  }
  for (const channel of channels) {
    if (!CHANNEL_TYPES.includes(channel?.type)) {
      throw invalid('type of a channel', `one of ${CHANNEL_TYPES.join(', ')}`, JSON.stringify(channel?.type));
    }
  }
  const resolved = {
    channels,
    rules: resolveRules(options.rules ?? {}),
    restartWindowMs: options.restartWindowMs ?? 15 * MINUTE,
    reminderMs: options.reminderMs ?? 4 * HOUR,
    mergeMs: options.mergeMs ?? 5 * SECOND,
    quietHours: options.quietHours,
    timeZone: options.timeZone,
    language: options.language ?? languageFrom(process.env.LC_ALL ?? process.env.LANG),
    source: resolveSource(options.source ?? {}),
  };
  inBounds('restartWindowMs', resolved.restartWindowMs, SECOND, 24 * HOUR);
  inBounds('reminderMs', resolved.reminderMs, MINUTE, Number.POSITIVE_INFINITY);
  inBounds('mergeMs', resolved.mergeMs, 0, 10 * MINUTE);
  return Object.freeze(resolved);
}

function resolveRules(given: NonNullable<AlertOptions['rules']>): ActiveRules {
  refuseUnknown('rules', given, RULE_NAMES);
  const rules: Partial<Record<RuleName, RuleLimits>> = {};
  for (const name of RULE_NAMES) {
    const change = given[name];
    if (change !== false) rules[name] = resolveLimits(name, change ?? {});
  }
  return Object.freeze(rules);
}

function resolveLimits(name: RuleName, change: Partial<RuleLimits>): RuleLimits {
  refuseUnknown(`rules.${name}`, change, LIMIT_NAMES);
  const limits = { ...DEFAULT_LIMITS[name], ...change };
  // A default must not stand against what the user chose.
  const critical = change.critical ?? Math.max(limits.critical, limits.warning);
  const clear = change.clear ?? Math.min(limits.clear, limits.warning);
  inBounds(`rules.${name}.warning`, limits.warning, 0, Number.MAX_VALUE);
  inBounds(`rules.${name}.critical`, critical, limits.warning, Number.POSITIVE_INFINITY);
  inBounds(`rules.${name}.clear`, clear, 0, limits.warning);
  inBounds(`rules.${name}.forMs`, limits.forMs, 0, 24 * HOUR);
  inBounds(`rules.${name}.clearForMs`, limits.clearForMs, 0, 24 * HOUR);
  return Object.freeze({ ...limits, critical, clear });
}

function resolveSource({ app, environment, host }: Partial<AlertSource>): AlertSource {
  return Object.freeze({
    app: (app ?? basename(process.cwd())).slice(0, NAME_CHARACTERS),
    environment: (environment ?? process.env.NODE_ENV ?? 'unknown').slice(0, NAME_CHARACTERS),
    host: (host ?? hostname()).slice(0, NAME_CHARACTERS),
  });
}

function refuseUnknown(where: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(where, 'an object', typeof given);
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(where, `made of ${known.join(', ')}`, JSON.stringify(unknown));
}

function inBounds(option: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw invalid(option, `a number from ${min} to ${max}`, String(value).slice(0, NAME_CHARACTERS));
}

function invalid(option: string, expected: string, actual: string): Error {
  return alertErrors.ALERT_OPTION_INVALID({ data: { option, expected, actual } });
}
