import { type Bytes, MiB } from '@maque/kit';
import type { MachineFacts } from '../measure/machine.ts';
import { median } from '../report/median.ts';
import { markdownTable, textTable } from '../report/text-table.ts';
import type { CapacityResult } from './run-capacity.ts';
import type { CombinationResult, Compared } from './run-combination.ts';

/** Above what was measured, at the median; and how far off a capacity may be. */
export const GOALS = { mostAbove: 0.2, capacityOff: 0.3 } as const;
const SERVICES = ['nginx', 'shop', 'mariadb', 'redis'] as const;

export interface PlanReality {
  readonly machine: MachineFacts;
  readonly seconds: number;
  readonly memory: readonly CombinationResult[];
  readonly capacity: readonly CapacityResult[];
}

/** Whether nothing was above what was foretold, the median within its goal, and no service above its budget. */
export function isMet({ memory, capacity }: PlanReality): boolean {
  const below = memory.every(({ inAll }) => inAll.seen <= inAll.expected);
  const isKept = memory.every(
    ({ services, oomKills }) => oomKills === 0 && services.every(({ seen, budget }) => seen <= budget),
  );
  const isClose = memory.length === 0 || medianAbove(memory.map(({ inAll }) => inAll)) <= GOALS.mostAbove;
  return below && isKept && isClose && capacity.every((one) => Math.abs(offBy(one)) <= GOALS.capacityOff);
}

export function textReport(reality: PlanReality): string {
  const tables = [memoryRows(reality.memory), capacityRows(reality.capacity)].filter(
    (rows) => rows.length > 1,
  );
  return [...tables.map(textTable), ...sums(reality)].join('\n\n');
}

export function markdownReport(reality: PlanReality): string {
  const { machine, seconds, memory, capacity } = reality;
  return `${[
    '# The plan against reality',
    `\`node bench/plan-reality.ts\`: ${machine.cores} cores (${machine.cpu}), Linux ${machine.kernel}, Node ${machine.node}, commit ${machine.commit ?? 'unknown'}, ${seconds} s of load each.`,
    MEMORY_METHOD,
    ...(memory.length === 0 ? [] : [markdownTable(memoryRows(memory)), MEMORY_NOTES]),
    '## Capacity',
    CAPACITY_METHOD,
    ...(capacity.length === 0 ? [] : [markdownTable(capacityRows(capacity))]),
    '## In all',
    sums(reality)
      .map((line) => `- ${line}`)
      .join('\n'),
  ].join('\n\n')}\n`;
}

const MEMORY_METHOD = `Each row is a box that was planned and rendered: nginx, the shop under \`maque start\`, MariaDB and Redis run with their
rendered files and variables (only paths, ports and users are moved into a folder of the run) inside a memory cgroup of the
plan's size, each in a part of it with the \`MemoryMax\` of its unit. Users shop over TLS through nginx, each from an address of
their own; further phones hold idle TLS connections; queries that sort, join and group run on all of MariaDB's busy
connections at once, over tables that are larger than its pool; Redis is filled with sessions up to its data and then takes
5,000 writes a second, also while it writes its log anew where it keeps its data. Memory is the summed PSS of all processes of
a service every 150 ms, on copies of the programs and their libraries, so that nothing is shared with the rest of the machine.
MiB, measured → foretold.`;

const MEMORY_NOTES = `Rows with ● are the proof: the coefficients of the expected peak were chosen after the others, and stood before these ran. "All" is the greatest sum at one time, held
against the sum of the greatest that was foretold of each. The budget is what the limits allow.`;

const CAPACITY_METHOD = `\`maque plan --calibrate\` measures the box while a few users at once shop as fast as they are answered; the plan that is made with
this says what it carries when nothing is left. Then 100 users at once do. The load takes its part of the same two cores: so
what is foretold is also told for the cores that the box really got (CPU time of its processes by time), and that is what is
compared. Requests a second. MariaDB and Redis stand beside a shop that keeps its data in SQLite, and cost it nothing.`;

function memoryRows(results: readonly CombinationResult[]): readonly (readonly string[])[] {
  return [
    ['box', ...SERVICES, 'all', 'above', 'budget', 'requests'],
    ...results.map(({ combination, services, inAll, window }) => [
      `${combination.isFitted ? '' : '● '}${combination.name}`,
      ...SERVICES.map((name) => pair(services.find(({ service }) => service === name))),
      pair(inAll),
      percent(above(inAll)),
      mib(inAll.budget),
      String(window.right),
    ]),
  ];
}

function capacityRows(results: readonly CapacityResult[]): readonly (readonly string[])[] {
  return [
    ['box', 'µs a request', 'not measured', 'foretold', 'cores', 'foretold of these', 'seen', 'off'],
    ...results.map((one) => [
      one.combination.name,
      String(
        (one.calibration.cpuMicrosPerRequest ?? 0) +
          (one.calibration.proxyCpuMicrosPerRequest ?? 0) +
          (one.calibration.databaseCpuMicrosPerRequest ?? 0) +
          (one.calibration.redisCpuMicrosPerRequest ?? 0),
      ),
      one.uncalibrated.toFixed(0),
      one.foretold.toFixed(0),
      one.cores.toFixed(2),
      one.foretoldHere.toFixed(0),
      one.seen.toFixed(0),
      percent(offBy(one)),
    ]),
  ];
}

function sums({ memory, capacity }: PlanReality): readonly string[] {
  const lines: string[] = [];
  if (memory.length > 0) {
    const all = memory.map(({ inAll }) => inAll);
    const below = all.filter((one) => one.seen > one.expected).length;
    lines.push(
      `all services: ${below} of ${all.length} boxes above what was foretold; foretold is ${percent(medianAbove(all))} above at the median`,
    );
    for (const name of SERVICES) {
      if (!memory.some(({ services }) => services.some(({ service }) => service === name))) continue;
      const ones = memory.flatMap(({ services }) => services.filter(({ service }) => service === name));
      const over = ones.filter((one) => one.seen > one.expected).length;
      lines.push(`${name}: ${over} above; ${percent(medianAbove(ones))} at the median`);
    }
    const kills = memory.reduce((sum, { oomKills }) => sum + oomKills, 0);
    lines.push(`${kills} processes were killed for want of memory`);
  }
  if (capacity.length > 0) {
    const most = Math.max(...capacity.map((one) => Math.abs(offBy(one))));
    lines.push(`capacity: ${percent(most)} off at most`);
  }
  return lines;
}

function above({ expected, seen }: Compared): number {
  return expected / seen - 1;
}

function medianAbove(all: readonly Compared[]): number {
  return median(all.map(above));
}

function offBy({ foretoldHere, seen }: CapacityResult): number {
  return foretoldHere / seen - 1;
}

function pair(one: Compared | undefined): string {
  return one === undefined ? '' : `${mib(one.seen)} → ${mib(one.expected)}`;
}

function mib(bytes: Bytes): string {
  return (bytes / MiB).toFixed(0);
}

function percent(part: number): string {
  return `${part > 0 ? '+' : ''}${(100 * part).toFixed(0)} %`;
}
