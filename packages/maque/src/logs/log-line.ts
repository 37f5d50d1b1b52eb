/** One line of any log of ours. */
export interface LogLine {
  /** Wall clock, ms since the epoch. */
  readonly atMs: number;
  /** `w1`, or `keeper`. */
  readonly who: string;
  readonly kind: 'out' | 'err' | 'evt' | 'log' | 'request';
  readonly text: string;
}

/** Reads one kind of file; undefined for a line that is none of it. */
export type LogLineParser = (line: string) => LogLine | undefined;

const OUTPUT = /^(\d{4}-\d\d-\d\dT[\d:.]{12}Z) (\S+) (out|err|evt) (.*)$/s;

/** A line of the keeper's file: what a worker printed, or what the keeper had to say. */
export const parseOutputLine: LogLineParser = (line) => {
  const [, at = '', who = '', kind = 'out', text = ''] = OUTPUT.exec(line) ?? [];
  const atMs = Date.parse(at);
  return Number.isNaN(atMs) ? undefined : { atMs, who, kind: kind as LogLine['kind'], text };
};

/** A line of the server's own file: JSON, an answered request or what a module had to say. */
export const parseServerLine: LogLineParser = (line) => {
  try {
    const facts = JSON.parse(line) as Record<string, unknown>;
    const { time, worker, msg, level } = facts;
    if (typeof time !== 'number' || typeof worker !== 'string') return undefined;
    if (msg === 'request') return { atMs: time, who: worker, kind: 'request', text: requestText(facts) };
    const text = `${levelName(level)} ${String(msg ?? '')}${detailText(facts)}`.trimEnd();
    return { atMs: time, who: worker, kind: 'log', text };
  } catch {
    return undefined;
  }
};

function requestText({ method, url, route, status, ms, user }: Record<string, unknown>): string {
  const caller = user === undefined ? '' : ` ${user}`;
  return `${method} ${url ?? route} ${status} ${ms} ms${caller}`;
}

// The numbers that pino gives its levels.
const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function levelName(level: unknown): string {
  return LEVELS[Number(level)] ?? '';
}

/** Everything that was logged beside the sentence. */
function detailText({ level, time, worker, msg, err, ...rest }: Record<string, unknown>): string {
  const error = err as { message?: unknown; stack?: unknown } | undefined;
  const told = error === undefined ? '' : ` ${String(error.stack ?? error.message ?? '')}`;
  return Object.keys(rest).length === 0 ? told : `${told} ${JSON.stringify(rest)}`;
}
