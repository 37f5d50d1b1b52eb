import type { Bytes, Milliseconds } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';

/** A service or slice as systemd has it in memory. What its version does not tell is undefined. */
export interface UnitFacts {
  /** `nginx.service`. */
  readonly name: string;
  readonly type: string | undefined;
  /** `active`, `activating`, `failed`, … */
  readonly activeState: string;
  /** `running`, `exited`, `auto-restart`, … */
  readonly subState: string;
  /** `success`, `oom-kill`, `start-limit-hit`, … */
  readonly result: string | undefined;
  /** `/system.slice/nginx.service`; empty where it has none. */
  readonly controlGroup: string;
  /** The script of /etc/init.d that it was made from, where it was. */
  readonly initScript: string | undefined;
  /** Null is no limit. */
  readonly memoryMax: Bytes | null | undefined;
  readonly memoryHigh: Bytes | null | undefined;
  readonly tasksMax: number | null | undefined;
  readonly tasksCurrent: number | undefined;
  readonly restart: string | undefined;
  readonly restarts: number | undefined;
  readonly oomPolicy: string | undefined;
  /** From the boot to when it last became active. */
  readonly activeSinceBootMs: Milliseconds | undefined;
}

const PROPERTIES = [
  ...['Id', 'Type', 'ActiveState', 'SubState', 'Result', 'ControlGroup', 'SourcePath'],
  // Before systemd 231 it is MemoryLimit, which is also what version 1 of the groups goes by.
  ...['MemoryMax', 'MemoryLimit', 'MemoryHigh', 'TasksMax', 'TasksCurrent'],
  ...['Restart', 'NRestarts', 'OOMPolicy', 'ActiveEnterTimestampMonotonic'],
];

/** What is asked for, so that a recording can answer it. */
export const SHOW_UNITS: readonly string[] = [
  'show',
  '*.service',
  '*.slice',
  '--no-pager',
  `--property=${PROPERTIES.join(',')}`,
];

/** All services and slices that systemd has loaded; needs no root. Absent where systemd does not run. */
export async function readUnits(host: Host): Promise<Reading<readonly UnitFacts[]>> {
  const output = await host.run('systemctl', SHOW_UNITS);
  if (output.kind !== 'value') return output;
  const { stdout, stderr, code } = output.value;
  if (code !== 0 && stdout.trim() === '') {
    // "System has not been booted with systemd as init system (PID 1). Can't operate."
    if (/not been booted with systemd|Host is down/.test(stderr)) return { kind: 'absent' };
    return { kind: 'unreadable', reason: stderr.trim().split('\n')[0]?.slice(0, 200) ?? `exit code ${code}` };
  }
  const blocks = stdout.split(/\n\s*\n/).map(propertiesOf);
  return { kind: 'value', value: blocks.filter((block) => block.has('Id')).map(unitOf) };
}

function propertiesOf(block: string): ReadonlyMap<string, string> {
  const lines = block.split('\n').filter((line) => line.includes('='));
  return new Map(
    lines.map(
      (line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()] as const,
    ),
  );
}

function unitOf(block: ReadonlyMap<string, string>): UnitFacts {
  const text = (name: string) => (block.get(name) === '' ? undefined : block.get(name));
  const sinceBootUs = amountOf(block.get('ActiveEnterTimestampMonotonic'));
  const memoryMax = limitOf(block.get('MemoryMax'));
  return {
    name: block.get('Id') ?? '',
    type: text('Type'),
    activeState: block.get('ActiveState') ?? '',
    subState: block.get('SubState') ?? '',
    result: text('Result'),
    controlGroup: block.get('ControlGroup') ?? '',
    initScript: text('SourcePath')?.startsWith('/etc/') === true ? text('SourcePath') : undefined,
    memoryMax: memoryMax ?? limitOf(block.get('MemoryLimit')) ?? memoryMax,
    memoryHigh: limitOf(block.get('MemoryHigh')),
    tasksMax: limitOf(block.get('TasksMax')),
    tasksCurrent: amountOf(block.get('TasksCurrent')),
    restart: text('Restart'),
    restarts: amountOf(block.get('NRestarts')),
    oomPolicy: text('OOMPolicy'),
    activeSinceBootMs: sinceBootUs === undefined ? undefined : sinceBootUs / 1_000,
  };
}

/** `infinity`, and the largest number of 64 bits of older versions, are no limit. */
function limitOf(text: string | undefined): number | null | undefined {
  if (text === 'infinity') return null;
  const number = parsed(text);
  return number !== undefined && number > Number.MAX_SAFE_INTEGER ? null : number;
}

/** `[not set]`, and the largest number of 64 bits of older versions, are none. */
function amountOf(text: string | undefined): number | undefined {
  const number = parsed(text);
  return number !== undefined && number > Number.MAX_SAFE_INTEGER ? undefined : number;
}

function parsed(text: string | undefined): number | undefined {
  return /^\d+$/.test(text ?? '') ? Number(text) : undefined;
}
