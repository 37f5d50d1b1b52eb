// node bench/leaks/research/compare.ts: the guard's detector against networks and simple rules, on recordings and generated traces.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../../report/text-table.ts';
import { fullAndRising, lineThroughHeapUsed, robustTrendOfFloor } from './baselines.ts';
import { NumberChoice } from './choose-numbers.ts';
import { generateSet, SPANS, type Span } from './generate.ts';
import { sequenceOf } from './gru-inputs.ts';
import { guardRule } from './guard-rule.ts';
import { intervalOfShare } from './interval.ts';
import type { LabelledTrace, Listener } from './labelled-trace.ts';
import { readRecordedSet } from './recorded-set.ts';
import { judge, type Outcome, scoreOf } from './score.ts';
import { type Training, trainedGru } from './train-gru.ts';

const HELP = `node bench/leaks/research/compare.ts [FOLDER …] [options]

Plays recordings (bench/leaks/recordings, and any folder with an index.json of the same form) and generated traces to
the guard's detector, to recurrent networks and to simple rules, and prints what each found. Seeds are fixed.

  --only PART[,PART]   recorded, generated, long, networks, numbers, calibration; all of them unless told
  --count N            generated traces of each kind; 25 unless told
  --candidates N       sets of numbers to choose from; 150 unless told
`;
const PARTS = ['recorded', 'generated', 'long', 'networks', 'numbers', 'calibration'];
const HORIZON_SECONDS = 1800;
// Seeds that judge, that train networks, and that choose numbers: none is used twice. Seeds below 1,000 were looked at while
// the detector was made.
const JUDGING_SEED = 9_000;
const TRAINING_SEED = 3_000;
const CHOOSING_SEED = 5_000;
const CHOOSING_COUNT = 2;
const LONG_COUNT = 20;
const FOLDS = 8;
const NETWORKS: readonly (Training & { readonly generated: number })[] = [
  { hidden: 8, epochs: 60, generated: 0, seed: 1 },
  { hidden: 10, epochs: 40, generated: 4, seed: 1 },
  { hidden: 12, epochs: 40, generated: 12, seed: 1 },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    count: { type: 'string', default: '25' },
    candidates: { type: 'string', default: '150' },
    help: { type: 'boolean' },
  },
});

if (values.help === true) process.stdout.write(HELP);
else await compare();

async function compare(): Promise<void> {
  const parts = values.only?.split(',') ?? PARTS;
  const unknown = parts.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) throw new RangeError(`--only knows ${PARTS.join(', ')}; not ${unknown}`);
  const folders = [join(import.meta.dirname, '..', 'recordings'), ...positionals];
  const sets = await Promise.all(folders.map(readRecordedSet));
  const recorded = sets.flatMap(({ traces }) => traces);
  const generated = [...generateSet(Number(values.count), JUDGING_SEED, SPANS.minutes)];
  const shipped = guardRule(HORIZON_SECONDS);
  if (parts.includes('recorded')) {
    for (const [index, folder] of folders.entries()) {
      say(`Recorded: ${folder}`, rows(sets[index]?.traces ?? [], shipped));
    }
    if (sets.length > 1) say('Recorded: all of them', rows(recorded, shipped));
    sayDetails(recorded, shipped);
  }
  if (parts.includes('generated')) say('Generated: minutes', rows(generated, shipped));
  if (parts.includes('long')) sayLong();
  if (parts.includes('numbers')) sayNumbers(recorded);
  if (parts.includes('networks')) sayNetworks(recorded, generated);
  if (parts.includes('calibration')) {
    sayCalibration('recorded', recorded, shipped);
    sayCalibration('generated', generated, shipped);
  }
}

function rows(traces: readonly LabelledTrace[], shipped: Listener): [string, readonly Outcome[]][] {
  const listeners: [string, Listener][] = [
    ['heapUsed / heapTotal > 0.85 and rising', fullAndRising],
    ['least squares of heapUsed', lineThroughHeapUsed(HORIZON_SECONDS)],
    ['Mann-Kendall and Theil-Sen of the floor', robustTrendOfFloor(HORIZON_SECONDS)],
    ['the guard', shipped],
  ];
  return listeners.map(([name, listener]) => [name, listen(traces, listener)]);
}

function listen(
  traces: Iterable<LabelledTrace>,
  listener: Listener,
  horizonSeconds = HORIZON_SECONDS,
): Outcome[] {
  return Array.from(traces, (trace) => judge(trace, listener(trace), horizonSeconds));
}

function sayDetails(traces: readonly LabelledTrace[], listener: Listener): void {
  const lines = listen(traces, listener)
    .map(({ trace, highestHealthy, highestLeaking, lead }) => {
      const side =
        trace.leak === null ? 'healthy' : `leaking ${highestLeaking.toFixed(3)}, lead ${lead.toFixed(2)}`;
      return `  ${trace.name}: highest while healthy ${highestHealthy.toFixed(3)} ${side}`;
    })
    .sort();
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** A leak that does not come within the horizon of the trace's end is left out: nobody asked for it. */
function sayLong(): void {
  for (const name of ['hour', 'day', 'day ahead'] as const) {
    const span: Span = SPANS[name];
    const listener = guardRule(span.horizonSeconds, span.everySeconds);
    const outcomes: Outcome[] = [];
    for (const trace of generateSet(LONG_COUNT, JUDGING_SEED, span)) {
      const said = listener(trace);
      const outcome = judge({ ...trace, samples: [] }, said, span.horizonSeconds);
      const leftSeconds = (trace.leak?.exhaustionSeconds ?? 0) - (said.at(-1)?.seconds ?? 0);
      if (trace.leak === null || outcome.isFound || leftSeconds <= span.horizonSeconds)
        outcomes.push(outcome);
    }
    say(`Generated: ${name}`, [['the guard', outcomes]]);
    const wrong = outcomes.filter(
      ({ trace, falseAlarms, isFound }) => falseAlarms > 0 || (trace.leak !== null && !isFound),
    );
    process.stdout.write(`  wrong: ${wrong.map(({ trace }) => trace.name).join(', ')}\n`);
  }
}

function sayNumbers(recorded: readonly LabelledTrace[]): void {
  const others = [...generateSet(CHOOSING_COUNT, CHOOSING_SEED, SPANS.minutes)];
  const choice = new NumberChoice(recorded, others, Number(values.candidates), HORIZON_SECONDS);
  say('Recorded: numbers chosen without the scenario judged', [
    ['the guard', listen(recorded, choice.listener())],
  ]);
  const [worst, median, best] = choice.sharesRight().map((share) => share.toFixed(2));
  const { heap } = choice.without(null);
  process.stdout.write(
    `  chosen with all: ${JSON.stringify({ ...heap.prior, sigma: heap.noise.sigma }, (_, value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value))}\n` +
      `  share of recordings right over all sets drawn: worst ${worst}, median ${median}, best ${best}\n`,
  );
}

/** Each trace is judged by a network that has seen nothing of its scenario or generated kind. */
function sayNetworks(recorded: readonly LabelledTrace[], generated: readonly LabelledTrace[]): void {
  const foldOf = folds([...recorded, ...generated]);
  for (const training of NETWORKS) {
    const seen = [...recorded, ...generateSet(training.generated, TRAINING_SEED, SPANS.minutes)];
    const sequences = seen.map((trace) => sequenceOf(trace, HORIZON_SECONDS));
    const networks = Array.from({ length: FOLDS }, (_, fold) => {
      const others = sequences.filter(({ trace }) => foldOf.get(trace.group) !== fold);
      return trainedGru(others, HORIZON_SECONDS, training);
    });
    const unseen: Listener = (trace) => (networks[foldOf.get(trace.group) ?? 0] as Listener)(trace);
    const name = `GRU of ${training.hidden}, ${training.generated} of each kind generated`;
    say('Recorded: networks', [[name, listen(recorded, unseen)]]);
    if (training.generated > 0) say('Generated: networks', [[name, listen(generated, unseen)]]);
  }
}

/** Groups dealt out by turns, so that each fold has leaks and healthy ones of both sources. */
function folds(traces: readonly LabelledTrace[]): ReadonlyMap<string, number> {
  const groups = [...new Map(traces.map((trace) => [trace.group, trace.leak !== null]))];
  groups.sort(([, a], [, b]) => Number(a) - Number(b));
  return new Map(groups.map(([group], index) => [group, index % FOLDS]));
}

/** What came of what was said; healthy and leaking traces weigh the same. */
function sayCalibration(title: string, traces: readonly LabelledTrace[], listener: Listener): void {
  const edges = [0.05, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01];
  const bins = edges.map(() => ({ weight: 0, said: 0, came: 0 }));
  const leaks = traces.filter(({ leak }) => leak !== null).length;
  for (const trace of traces) {
    const said = listener(trace);
    const weight = 1 / (said.length * (trace.leak === null ? traces.length - leaks : leaks));
    for (const { seconds, probability } of said) {
      const bin = bins[edges.findIndex((edge) => probability < edge)];
      if (bin === undefined) continue;
      const { startSeconds = Number.POSITIVE_INFINITY, exhaustionSeconds = 0 } = trace.leak ?? {};
      bin.weight += weight;
      bin.said += weight * probability;
      if (seconds >= startSeconds && exhaustionSeconds - seconds <= HORIZON_SECONDS) bin.came += weight;
    }
  }
  const texts = bins.map(
    ({ weight, said, came }) => `${(said / weight).toFixed(2)} → ${(came / weight).toFixed(2)}`,
  );
  process.stdout.write(`\nCalibration, ${title} (said → came): ${texts.join(', ')}\n`);
}

function say(title: string, results: readonly (readonly [string, readonly Outcome[]])[]): void {
  const lines = results.map(([name, outcomes]) => {
    const { precision, recall, found, missed, tracesWithFalseAlarm, falseAlarmsAnHour, medianLead, brier } =
      scoreOf(outcomes);
    return [
      name,
      `${precision.toFixed(2)} ${intervalOfShare(found, found + tracesWithFalseAlarm)}`,
      `${recall.toFixed(2)} ${intervalOfShare(found, found + missed)}`,
      falseAlarmsAnHour.toFixed(2),
      medianLead.toFixed(2),
      brier.toFixed(3),
    ];
  });
  const heads = ['detector', 'precision', 'recall', 'false alarms an hour', 'median lead', 'Brier'];
  process.stdout.write(`\n${title}\n${markdownTable([heads, ...lines])}\n`);
}
