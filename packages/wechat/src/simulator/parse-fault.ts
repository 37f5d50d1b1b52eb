import { DAY, MINUTE } from '@maque/kit';
import { invalid } from './control-errors.ts';
import type { Fault } from './fault-types.ts';
import { FORGERIES } from './pusher/forgeries.ts';

type Fields = Readonly<Record<string, unknown>>;
type FieldCheck = (value: unknown) => boolean;

const isCount = (most: number): FieldCheck => {
  return (value) => Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
};

const HOW: readonly unknown[] = ['lost', 'repeated', 'delayed', ...FORGERIES];
const TIMES = { times: isCount(1_000_000) };
const SCOPE: Readonly<Record<string, FieldCheck>> = {
  ...TIMES,
  path: (value) => typeof value === 'string' && /^(\/[\w.-]+)+$/.test(value) && value.length <= 200,
};
const BREAK_SCOPE = { ...SCOPE, afterEffect: (value: unknown) => typeof value === 'boolean' };

const KINDS: Readonly<Record<Fault['kind'], Readonly<Record<string, FieldCheck>>>> = {
  latency: { ...SCOPE, ms: isCount(MINUTE) },
  errcode: { ...BREAK_SCOPE, errcode: (value) => Number.isSafeInteger(value) && value !== 0 },
  'pay-error': {
    ...BREAK_SCOPE,
    status: (value) => isCount(599)(value) && (value as number) >= 400,
    code: (value) => typeof value === 'string' && /^[A-Z_]{1,64}$/.test(value),
  },
  html: { ...BREAK_SCOPE, status: (value) => isCount(599)(value) && (value as number) >= 200 },
  drop: BREAK_SCOPE,
  'text-plain': SCOPE,
  push: {
    ...TIMES,
    how: (value) => HOW.includes(value),
    ms: isCount(MINUTE),
    event: (value) => typeof value === 'string' && /^\w{1,64}$/.test(value),
  },
  'kill-token': {},
  'rotate-session-keys': {},
  'clock-skew': { ms: (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= DAY },
};

const REQUIRED: Partial<Readonly<Record<Fault['kind'], readonly string[]>>> = {
  latency: ['ms'],
  errcode: ['errcode'],
  'pay-error': ['status', 'code'],
  push: ['how'],
  'clock-skew': ['ms'],
};

/** Reads a fault as it comes over HTTP or from a test. @throws CodedError `SIM_REQUEST_INVALID` with what is wrong. */
export function parseFault(value: unknown): Fault {
  const fields: Fields = typeof value === 'object' && value !== null ? (value as Fields) : {};
  const kind = fields.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) {
    throw invalid(`kind must be one of ${Object.keys(KINDS).join(', ')}`);
  }
  const checks = KINDS[kind as Fault['kind']];
  for (const [name, field] of Object.entries(fields)) {
    const known = Object.hasOwn(checks, name) && checks[name]?.(field);
    if (name !== 'kind' && known !== true) throw invalid(`${name} is not right for ${kind}`);
  }
  for (const name of REQUIRED[kind as Fault['kind']] ?? []) {
    if (fields[name] === undefined) throw invalid(`${kind} needs ${name}`);
  }
  if (fields.how === 'delayed' && fields.ms === undefined) throw invalid('delayed needs ms');
  return { ...fields } as unknown as Fault;
}
