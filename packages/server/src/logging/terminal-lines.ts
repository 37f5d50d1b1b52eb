import { redact, redactText } from './redact.ts';

// pino's number for it: what is milder is in the log alone.
const WARN = 40;
const NAMES: Readonly<Record<number, string>> = { 40: 'warning', 50: 'error', 60: 'fatal' };
/** Of a stack: enough to find the line of the app that it is about. */
const MOST_FRAMES = 4;
/** Frames of Node, of packages and of what Maque is installed as: not where the app's own code is wrong. */
const FOREIGN = /\bnode:|\/node_modules\/|\/packages\/(maque|server)\//;

/**
 * One logged line for a person at a terminal: what happened, its facts, and of an error where in the app's code it came
 * from. Undefined for what is milder than a warning.
 */
export function terminalLine(level: number, args: readonly unknown[]): string | undefined {
  if (level < WARN) return undefined;
  const facts = typeof args[0] === 'object' && args[0] !== null ? (args[0] as Record<string, unknown>) : {};
  const message = args.find((arg) => typeof arg === 'string') ?? '';
  const { err, ...rest } = facts;
  const told = Object.entries(rest).map(([name, value]) => `${name}=${textOf(value)}`);
  const line = [`${NAMES[level] ?? 'error'}: ${message}`, ...told].join('  ');
  return redactText(err === undefined ? line : `${line}\n${placeOf(err)}`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(redact(value));
}

/** An error's sentence, and those lines of its stack that are the app's own. */
function placeOf(err: unknown): string {
  const { type, message, stack } = redact(err) as Readonly<Record<string, unknown>>;
  const frames = String(stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at ') && !FOREIGN.test(line));
  return [`  ${type}: ${message}`, ...frames.slice(0, MOST_FRAMES)].join('\n');
}
