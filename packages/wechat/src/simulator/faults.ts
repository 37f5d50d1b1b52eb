import { MINUTE } from '@maque/kit';
import { invalid } from './control-errors.ts';

// What a developer sets up by hand or a test in one scenario; more is a loop gone wrong.
const MAX_FAULTS = 32;

interface FaultScope {
  /** Only calls of this path; all of WeChat's API unless told. */
  readonly path?: string;
  /** How many calls it hits: 1 unless told. */
  readonly times?: number;
}

interface BreakScope extends FaultScope {
  /** The call takes effect first, and only its answer is lost: a code is used up, a key replaced. */
  readonly afterEffect?: boolean;
}

/** Something that goes wrong on purpose. */
export type Fault =
  /** The answer comes `ms` later, at most 60,000. */
  | ({ readonly kind: 'latency'; readonly ms: number } & FaultScope)
  /** The answer is this errcode, such as -1 or 45009. */
  | ({ readonly kind: 'errcode'; readonly errcode: number } & BreakScope)
  /** The answer is the HTML page of a gateway, with HTTP status 502 unless told. */
  | ({ readonly kind: 'html'; readonly status?: number } & BreakScope)
  /** The connection breaks without an answer. */
  | ({ readonly kind: 'drop' } & BreakScope)
  /** All access tokens die, now. */
  | { readonly kind: 'kill-token' };

/** A fault that waits for the calls it will hit. */
export type WaitingFault = Exclude<Fault, { kind: 'kill-token' }>;

type BreakingFault = Exclude<WaitingFault, { kind: 'latency' }>;

/** What the faults do to one call. */
export interface FaultyTurn {
  readonly delayMs: number;
  readonly instead: BreakingFault | undefined;
}

/** The faults that wait for their calls. */
export class Faults {
  #waiting: { readonly fault: WaitingFault; left: number }[] = [];

  /** @throws CodedError `SIM_REQUEST_INVALID` when too many wait already. */
  add(fault: WaitingFault): void {
    if (this.#waiting.length >= MAX_FAULTS) throw invalid(`${MAX_FAULTS} faults wait already`);
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  list(): WaitingFault[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  /** What happens to a call of this path; every fault that takes part has one call less to hit. */
  take(path: string): FaultyTurn {
    let delayMs = 0;
    let instead: BreakingFault | undefined;
    for (const entry of this.#waiting) {
      const { fault } = entry;
      if (fault.path !== undefined && fault.path !== path) continue;
      if (fault.kind === 'latency') delayMs += fault.ms;
      else if (instead === undefined) instead = fault;
      else continue;
      entry.left -= 1;
    }
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return { delayMs, instead };
  }
}

type Fields = Readonly<Record<string, unknown>>;
type FieldCheck = (value: unknown) => boolean;

const isCount = (most: number): FieldCheck => {
  return (value) => Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
};

const SCOPE: Readonly<Record<string, FieldCheck>> = {
  path: (value) => typeof value === 'string' && /^(\/[\w.-]+)+$/.test(value) && value.length <= 200,
  times: isCount(1_000_000),
};
const BREAK_SCOPE = { ...SCOPE, afterEffect: (value: unknown) => typeof value === 'boolean' };

const KINDS: Readonly<Record<Fault['kind'], Readonly<Record<string, FieldCheck>>>> = {
  latency: { ...SCOPE, ms: isCount(MINUTE) },
  errcode: { ...BREAK_SCOPE, errcode: (value) => Number.isSafeInteger(value) && value !== 0 },
  html: { ...BREAK_SCOPE, status: (value) => isCount(599)(value) && (value as number) >= 200 },
  drop: BREAK_SCOPE,
  'kill-token': {},
};

const REQUIRED: Partial<Readonly<Record<Fault['kind'], string>>> = { latency: 'ms', errcode: 'errcode' };

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
  const required = REQUIRED[kind as Fault['kind']];
  if (required !== undefined && fields[required] === undefined) throw invalid(`${kind} needs ${required}`);
  return { ...fields } as unknown as Fault;
}
