import type { Bytes } from '@maque/kit';
import { MiB } from '@maque/kit';
import { isBusy, type MachineFacts } from '../measure/machine.ts';
import { show } from '../report/figures.ts';
import type { Goal } from '../report/goal.ts';
import { median } from '../report/median.ts';
import { markdownTable, textTable } from '../report/text-table.ts';
import type { AsleepResult, Sleeper } from './asleep.ts';
import type { PairCost, PairedMicros } from './contestant.ts';
import type { OwnTime } from './own-time.ts';
import { type PairedRatio, pairedRatio } from './paired-ratio.ts';

export interface GuardCostResult {
  readonly machine: MachineFacts;
  readonly seconds: number;
  readonly hello: readonly PairedMicros[];
  readonly shop: readonly PairedMicros[];
  readonly guardApart: readonly PairCost[];
  readonly heapDelta: readonly PairCost[];
  readonly asleep: AsleepResult;
  readonly ownTime: OwnTime;
}

const INTRODUCTION = `# What the guard costs

Written by \`node bench/guard-cost.ts --markdown docs/reference/guard-cost.md\`. CPU time is that of all
threads of a server by the scheduler's account, under a closed loop over loopback. The ratio is of CPU time per request,
without ÷ with: the share of throughput that is left when the server is what is short. Brackets hold the 95 % interval over
the pairs.

The ratios of the goals are those of one warm process in which the guard is switched on and off between short windows, in
two processes one after the other: the marginal cost of a request and of samples. Evaluations and forced collections, which
come every few seconds, are in the guard's own time instead. Servers side by side differ in
\`--import @maque/guard/register\` alone, or in the way to measure, and are loaded by turns (A B B A); two processes differ by
some percent without any reason, so they are there for what is larger and for resident memory.

A profiler ends each wait of the event loop by a signal, which makes the loop look busy, and a guard looks more often at a busy
one: a profile is to be held against the guard's account of the same seconds, and says nothing of the seconds without it.`;

// Pages of one binary and one heap differ by so much between two starts of the same server.
const RSS_LIMIT: Bytes = 3 * MiB;
// 0.03 % of a core.
const OWN_LIMIT_MICROS = 300;
// 0.01 % of a core.
const ASLEEP_LIMIT_MICROS = 100;

/** What was wanted and what came of it. */
export function guardCostGoals(result: GuardCostResult): readonly Goal[] {
  const { hello, shop, asleep, ownTime } = result;
  const awakeMicros =
    medianOf(asleep.guarded, 'cpuMicrosPerSecond') - medianOf(asleep.bare, 'cpuMicrosPerSecond');
  const rss = medianOf(asleep.guarded, 'rss') - medianOf(asleep.bare, 'rss');
  return [
    ratioGoal('shop mix, lean stack', pairedRatio(shop), 0.99),
    ratioGoal('bare hello-world at full speed', pairedRatio(hello), 0.98),
    {
      what: 'own CPU at 10,000 req/s',
      wanted: `≤ ${OWN_LIMIT_MICROS} µs a second`,
      measured: perSecond(ownTime.ownMicrosPerSecond),
      met: ownTime.ownMicrosPerSecond <= OWN_LIMIT_MICROS,
    },
    {
      what: 'RSS more, idle',
      wanted: `≤ ${mebibytes(RSS_LIMIT)}`,
      measured: mebibytes(rss),
      met: rss <= RSS_LIMIT,
    },
    {
      what: 'CPU more when nobody calls',
      wanted: `≤ ${ASLEEP_LIMIT_MICROS} µs a second`,
      measured: perSecond(awakeMicros),
      met: awakeMicros <= ASLEEP_LIMIT_MICROS,
    },
  ];
}

/** The result for a terminal. */
export function guardCostText(result: GuardCostResult): string {
  return `${[machineLine(result), ...tables(result).map(textTable)].join('\n\n')}\n`;
}

/** The result as a reference page. */
export function guardCostMarkdown(result: GuardCostResult): string {
  return `${[INTRODUCTION, `${machineLine(result)}.`, ...tables(result).map(markdownTable)].join('\n\n')}\n`;
}

type Table = readonly (readonly string[])[];

function tables(result: GuardCostResult): readonly Table[] {
  return [
    switchedTable(result),
    apartTable(result),
    ownTimeTable(result.ownTime),
    asleepTable(result.asleep),
    goalTable(guardCostGoals(result)),
  ];
}

function switchedTable({ hello, shop }: GuardCostResult): Table {
  return [
    ['the guard switched on and off in one process', ...MICROS_HEAD],
    ['shop mix, lean stack', ...microsCells(shop)],
    ['bare hello-world', ...microsCells(hello)],
  ];
}

function apartTable({ guardApart, heapDelta }: GuardCostResult): Table {
  const rows = [
    ['the guard', guardApart],
    ['the heap read before and after each request', heapDelta],
  ] as const;
  return [
    ['bare hello-world beside one with', ...MICROS_HEAD, 'RSS more under load'],
    ...rows.map(([title, pairs]) => [
      title,
      ...microsCells(pairs.map(({ micros }) => micros)),
      mebibytes(median(pairs.map(({ rss }) => rss[1] - rss[0]))),
    ]),
  ];
}

const MICROS_HEAD = ['CPU a request without', 'with', 'ratio', 'pairs'] as const;

function microsCells(pairs: readonly PairedMicros[]): readonly string[] {
  return [
    show.micros(median(pairs.map(([without]) => without))),
    show.micros(median(pairs.map(([, withIt]) => withIt))),
    showRatio(pairedRatio(pairs)),
    String(pairs.length),
  ];
}

function ownTimeTable(own: OwnTime): Table {
  const { profiledMicrosPerSecond, profiledRequestMicrosPerSecond } = own;
  const samples = own.samplesPerSecond.toFixed(2);
  const samplesProfiled = own.profiledSamplesPerSecond.toFixed(2);
  return [
    [`the guard's own time at ${show.count(own.requestsPerSecond)} req/s`, 'samples a second', 'CPU'],
    ['by its own account', samples, perSecond(own.ownMicrosPerSecond)],
    ['by its own account while profiled', samplesProfiled, perSecond(own.profiledOwnMicrosPerSecond)],
    [
      'by the profile, requests left out',
      samplesProfiled,
      perSecond(profiledMicrosPerSecond - profiledRequestMicrosPerSecond),
    ],
    ['by the profile, for counting requests of a named route', '', perSecond(profiledRequestMicrosPerSecond)],
  ];
}

function asleepTable({ bare, guarded }: AsleepResult): Table {
  const rows = [
    ['bare node:http', bare],
    ['with the guard', guarded],
  ] as const;
  return [
    ['nobody calls, medians', 'CPU a second', 'wake-ups a second', 'RSS'],
    ...rows.map(([title, sleepers]) => [
      title,
      show.micros(medianOf(sleepers, 'cpuMicrosPerSecond')),
      medianOf(sleepers, 'wakeUpsPerSecond').toFixed(2),
      mebibytes(medianOf(sleepers, 'rss')),
    ]),
  ];
}

function goalTable(goals: readonly Goal[]): Table {
  return [
    ['goal', 'wanted', 'measured', ''],
    ...goals.map(({ what, wanted, measured, met }) => [what, wanted, measured, met ? 'met' : 'MISSED']),
  ];
}

function ratioGoal(what: string, measured: PairedRatio, wanted: number): Goal {
  return { what, wanted: `≥ ${wanted}`, measured: showRatio(measured), met: measured.ratio >= wanted };
}

function showRatio({ ratio, low, high }: PairedRatio): string {
  return `${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function medianOf(sleepers: readonly Sleeper[], figure: keyof Sleeper): number {
  return median(sleepers.map((sleeper) => sleeper[figure]));
}

function perSecond(micros: number): string {
  return `${micros.toFixed(0)} µs a second`;
}

function mebibytes(bytes: Bytes): string {
  return `${(bytes / MiB).toFixed(1)} MiB`;
}

function machineLine({ machine, seconds }: GuardCostResult): string {
  const { at, cpu, cores, kernel, node, commit, loadBefore } = machine;
  return (
    `${at.slice(0, 10)}, ${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}, commit ${commit ?? 'unknown'}; ` +
    `windows of ${seconds} s; load average before: ${loadBefore.toFixed(2)}` +
    `${isBusy(machine) ? ' (busy: trust no figure, ratios hardly)' : ''}`
  );
}
