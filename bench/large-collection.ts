import { join } from 'node:path';
import type { Milliseconds } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { type BenchValues, outputFile, runBenchmark, wholeNumber } from './benchmark.ts';
import { say, write } from './command.ts';
import { fillCollection } from './large/fill-collection.ts';
import { LISTS, type MeasuredList } from './large/lists.ts';
import type { Target } from './load/connection.ts';
import { requestBytes } from './load/request-bytes.ts';
import { type SteadyFigures, steadyLoad } from './load/steady-load.ts';
import { median } from './report/median.ts';
import { markdownTable, textTable } from './report/text-table.ts';
import { benchFolder, repositoryFolder } from './stacks/paths.ts';
import { ServiceProcess } from './stacks/service-process.ts';
import type { StackContext } from './stacks/stack.ts';
import { waitUntil } from './stacks/wait-until.ts';

const HELP = `node bench/large-collection.ts [options]

Lists of a collection of a million records: filtered and sorted by declared indexes, searched, and by distance, from 100
connections at a steady rate; then page 5,000 of a list beside its first. About four minutes, two of them to fill it.

  --records N      in the collection; 1000000 unless told
  --pages N        how deep; 5000 unless told
  --seconds N      of each measurement; 10 unless told
  --rate N         requests a second of all connections together; 500 unless told
  --markdown FILE  writes the report there too
  --help           this

Ends with 0 when the goals are met (p99 of 20 ms by declared index; a deep page within 1.25 times the first), 1 when not or
when an option is wrong.
`;

const CONNECTIONS = 100;
const MOST_P99_MS: Milliseconds = 20;
const MOST_DEEP_RATIO = 1.25;
const START_TIMEOUT_MS: Milliseconds = 60_000;
/** One request after the other, first and deep pages in turn. */
const DEEP_SAMPLES = 400;
const DEEP_PATH = '/api/items?limit=20&sort=-createdAt';

const options = {
  records: wholeNumber(1_000_000),
  pages: wholeNumber(5_000),
  seconds: wholeNumber(10),
  rate: wholeNumber(500),
  markdown: outputFile,
};
type Options = BenchValues<typeof options>;

interface ListFigures {
  readonly list: MeasuredList;
  readonly result: SteadyFigures;
}

interface DeepFigures {
  readonly firstMs: Milliseconds;
  readonly deepMs: Milliseconds;
}

process.exitCode = await runBenchmark({
  help: HELP,
  options,
  needsQuiet: true,
  async run(workshop, values) {
    if (values.pages * 20 >= values.records) {
      say('there are fewer records than pages of 20');
      return 1;
    }
    return await workshop.withClosing((closing) =>
      measure({ folder: workshop.folder('large'), node: workshop.node, closing }, values),
    );
  },
});

async function measure(context: StackContext, options: Options): Promise<number> {
  say(`filling a collection with ${options.records} records`);
  const { searchMs } = await fillCollection(join(context.folder, 'data'), options.records);
  const target = await serve(context);
  const url = `http://${target.host}:${target.port}`;
  const lists: ListFigures[] = [];
  for (const list of LISTS) {
    say(list.name);
    const requests = list.paths.map((path) => requestBytes(target, { path }));
    const load = { connections: CONNECTIONS, requestsPerSecond: options.rate, seconds: options.seconds };
    lists.push({ list, result: await steadyLoad({ target, requests, ...load }) });
  }
  say(`page ${options.pages}`);
  const deep = await measureDeep(url, options.pages);
  const rows = table(lists);
  const facts = [
    `page 1: ${deep.firstMs.toFixed(2)} ms, page ${options.pages}: ${deep.deepMs.toFixed(2)} ms (medians of ${DEEP_SAMPLES})`,
    `making it searchable by one migration: ${(searchMs / 1_000).toFixed(1)} s`,
  ];
  process.stdout.write(`${textTable(rows)}\n\n${facts.join('\n')}\n`);
  if (options.markdown !== undefined) write(options.markdown, markdownReport(rows, facts, options));
  const isQuick = lists.every(
    ({ list, result }) => result.failed === 0 && (!list.isGoal || result.latency.p99Ms <= MOST_P99_MS),
  );
  return isQuick && deep.deepMs <= MOST_DEEP_RATIO * deep.firstMs ? 0 : 1;
}

async function serve(context: StackContext): Promise<Target> {
  const port = await freePort();
  const service = await ServiceProcess.start(context, {
    name: 'large collection',
    command: context.node,
    args: [
      join(repositoryFolder, 'packages/maque/bin/maque.js'),
      'start',
      join(benchFolder, 'large/app'),
      ...['--data-dir', join(context.folder, 'data')],
    ],
    env: {
      PORT: String(port),
      MAQUE_METRICS_PORT: String(await freePort()),
      // One address stands for thousands of users.
      MAQUE_RATE_LIMIT_USER: '1000000000',
    },
  });
  const isUp = async (): Promise<boolean> => {
    service.assertRunning();
    return await fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await waitUntil(isUp, { what: 'the collection', timeoutMs: START_TIMEOUT_MS, everyMs: 50 });
  return { host: '127.0.0.1', port };
}

async function measureDeep(url: string, pages: number): Promise<DeepFigures> {
  let cursor = '';
  for (let page = 1; page < pages; page += 1) {
    cursor = (await pageAt(url, cursor)).nextCursor ?? '';
    if (cursor === '') throw new Error(`the list ends at page ${page}`);
  }
  const first: number[] = [];
  const deep: number[] = [];
  for (let sample = 0; sample < DEEP_SAMPLES; sample += 1) {
    first.push(await timed(() => pageAt(url, '')));
    deep.push(await timed(() => pageAt(url, cursor)));
  }
  return { firstMs: median(first), deepMs: median(deep) };
}

async function pageAt(url: string, cursor: string): Promise<{ readonly nextCursor: string | null }> {
  const response = await fetch(
    `${url}${DEEP_PATH}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
  );
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as { nextCursor: string | null };
}

async function timed(work: () => Promise<unknown>): Promise<Milliseconds> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function table(figures: readonly ListFigures[]): string[][] {
  const head = ['list', 'answers', 'p50 ms', 'p99 ms', 'failed'];
  const rows = figures.map(({ list, result: { answered, latency, failed } }) =>
    [list.name, answered, latency.p50Ms.toFixed(1), latency.p99Ms.toFixed(1), failed].map(String),
  );
  return [head, ...rows];
}

function markdownReport(
  rows: string[][],
  facts: readonly string[],
  { records, rate, seconds }: Options,
): string {
  return `# A large collection

\`node bench/large-collection.ts\`: ${records} records, ${CONNECTIONS} connections, ${rate} req/s together for ${seconds} s each list,
each with 200 different values. Pages of 20. Keeper and workers as they are by default.

${markdownTable(rows)}

${facts.map((fact) => `- ${fact}`).join('\n')}
`;
}
