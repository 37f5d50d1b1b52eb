import { type BenchValues, outputFile, positiveNumber, runBenchmark, wholeNumber } from './benchmark.ts';
import { say, write } from './command.ts';
import { type Disk, diskAsItIs, slowDisk } from './durable/disk.ts';
import { create, createAll, type Rate, read } from './durable/measure-writes.ts';
import { byHand, type Contender, maque } from './plain/contender.ts';
import { median } from './report/median.ts';
import { markdownTable, textTable } from './report/text-table.ts';
import type { Workshop } from './runs/workshop.ts';

const HELP = `node bench/durable-writes.ts [options]

Creates that are on disk before they are answered, over 100 connections: Maque, which waits for the disk once for all who
write meanwhile, beside the same endpoint by hand with one fsync a request. And what readers notice of five times the
rate of one fsync a request. On this disk, and on one whose every sync takes longer (needs a C compiler).
About three minutes; leave the machine alone meanwhile.

  --rounds N       medians over so many; 3 unless told
  --seconds N      of each measurement; 6 unless told
  --sync-ms N      how much longer a sync takes on the slow disk; 2 unless told, as on a cloud disk
  --markdown FILE  writes the report there too
  --help           this

Ends with 0 when the goals are met on the slow disk (5 times the rate; p99 of reads within twice), 1 when not.
`;

const LEAST_TIMES = 5;
const MOST_P99_RATIO = 2;
const EACH: Contender = byHand('FULL');

/** What one round found on one disk. */
interface Found {
  readonly each: number;
  readonly together: number;
  readonly quiet: Rate;
  readonly meanwhile: Rate;
  readonly writes: Rate;
}

const options = {
  rounds: wholeNumber(3),
  seconds: positiveNumber(6),
  'sync-ms': positiveNumber(2),
  markdown: outputFile,
};
type Options = BenchValues<typeof options>;

process.exitCode = await runBenchmark({ help: HELP, options, needsQuiet: true, run: compare });

async function compare(workshop: Workshop, options: Options): Promise<number> {
  const slow = slowDisk(options['sync-ms'], workshop.folder('disk'));
  if (slow === undefined) say('There is no C compiler (cc): only this disk is measured.');
  const rows: string[][] = [];
  let verdict = 1;
  for (const disk of [diskAsItIs, ...(slow === undefined ? [] : [slow])]) {
    const found: Found[] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      say(`${disk.title}: round ${round} of ${options.rounds}`);
      found.push(await measure(workshop, disk, options.seconds));
    }
    rows.push(...rowsOf(disk, found));
    if (disk === slow) verdict = isMet(found) ? 0 : 1;
  }
  const table = [['disk', 'what', 'creates/s', 'times', 'reads p99 ms', 'failed'], ...rows];
  process.stdout.write(`${textTable(table)}\n`);
  if (options.markdown !== undefined) write(options.markdown, report(table, options));
  return verdict;
}

async function measure(workshop: Workshop, disk: Disk, seconds: number): Promise<Found> {
  const each = await withServer(workshop, disk, EACH, (url) => createAll(url, seconds));
  return withServer(workshop, disk, maque, async (url) => {
    const quiet = await read(url, seconds);
    const together = await createAll(url, seconds);
    const [meanwhile, writes] = await Promise.all([
      read(url, seconds),
      create(url, seconds, each.perSecond * LEAST_TIMES),
    ]);
    return { each: each.perSecond, together: together.perSecond, quiet, meanwhile, writes };
  });
}

async function withServer<Result>(
  workshop: Workshop,
  { launcher }: Disk,
  contender: Contender,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  return workshop.withClosing(async (closing) => {
    const folder = workshop.folder(contender.name);
    const { url } = await contender.start({ folder, node: workshop.node, closing, launcher });
    await createAll(url, 1);
    return work(url);
  });
}

function rowsOf({ title }: Disk, found: readonly Found[]): string[][] {
  const of = (pick: (one: Found) => number) => median(found.map(pick));
  const times = (pick: (one: Found) => number) => of((one) => pick(one) / one.each).toFixed(1);
  const failed = found.reduce(
    (sum, one) => sum + one.quiet.failed + one.meanwhile.failed + one.writes.failed,
    0,
  );
  return [
    [title, 'one fsync a request, by hand', of((one) => one.each).toFixed(0), '1.0', '', ''],
    [
      title,
      'Maque, as many as go',
      of((one) => one.together).toFixed(0),
      times((one) => one.together),
      '',
      '',
    ],
    [title, 'Maque, reads alone', '0', '', of((one) => one.quiet.p99Ms).toFixed(1), ''],
    [
      ...[
        title,
        'Maque, both',
        of((one) => one.writes.perSecond).toFixed(0),
        times((one) => one.writes.perSecond),
      ],
      ...[of((one) => one.meanwhile.p99Ms).toFixed(1), String(failed)],
    ],
  ];
}

function isMet(found: readonly Found[]): boolean {
  const of = (pick: (one: Found) => number) => median(found.map(pick));
  // Below a millisecond nobody notices a difference.
  const quietMs = Math.max(
    1,
    of((one) => one.quiet.p99Ms),
  );
  return (
    of((one) => one.together / one.each) >= LEAST_TIMES &&
    of((one) => one.meanwhile.p99Ms) <= MOST_P99_RATIO * quietMs
  );
}

function report(table: string[][], { rounds, seconds }: Options): string {
  return `# Writes that are on disk before they are answered

\`node bench/durable-writes.ts\`: medians of ${rounds} rounds of ${seconds} s each; 100 connections that create, 300 reads a second of
single records, at even distances; latency from when each was due. By hand: Fastify and node:sqlite with \`synchronous = FULL\`, one process. Maque: one worker and its keeper.

${markdownTable(table)}
`;
}
