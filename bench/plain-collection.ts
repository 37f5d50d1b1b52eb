import { outputFile, runBenchmark, wholeNumber } from './benchmark.ts';
import { say, write } from './command.ts';
import { byHand, type Contender, maque } from './plain/contender.ts';
import { ENDPOINTS, type Endpoint, type EndpointFigures, measureEndpoint } from './plain/measure-endpoint.ts';
import { median } from './report/median.ts';
import { markdownTable, textTable } from './report/text-table.ts';
import type { Workshop } from './runs/workshop.ts';

const HELP = `node bench/plain-collection.ts [options]

List, get and create of one plain collection, held against the same three endpoints written by hand on Fastify and
node:sqlite: requests a second of CPU (the keeper's included) with 50 connections, and latency at a steady 500 req/s.
About eight minutes; leave the machine alone meanwhile.

  --rounds N       medians over so many, alternating; 3 unless told
  --seconds N      of each measurement; 6 unless told
  --markdown FILE  writes the report there too
  --help           this

Ends with 0 when the goals are met (0.75 of the CPU, p99 within 1.5 times), 1 when not or when an option is wrong.
`;

const LEAST_RATIO = 0.75;
const MOST_P99_RATIO = 1.5;
const [MAQUE, FULL, NORMAL] = [maque, byHand('FULL'), byHand('NORMAL')] as const;
const CONTENDERS: readonly Contender[] = [MAQUE, FULL, NORMAL];

type Figures = ReadonlyMap<string, Readonly<Record<Endpoint, EndpointFigures>>>;

const options = { rounds: wholeNumber(3), seconds: wholeNumber(6), markdown: outputFile };

process.exitCode = await runBenchmark({
  help: HELP,
  options,
  needsQuiet: true,
  async run(workshop, values) {
    const figures = await measure(workshop, values);
    const rows = table(figures);
    process.stdout.write(`${textTable(rows)}\n`);
    if (values.markdown !== undefined) write(values.markdown, markdownReport(rows, values));
    return isMet(figures) ? 0 : 1;
  },
});

async function measure(
  workshop: Workshop,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Figures> {
  const all = new Map<string, Record<Endpoint, EndpointFigures[]>>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of CONTENDERS) {
      say(`round ${round} of ${rounds}: ${contender.title}`);
      const found = all.get(contender.name) ?? { list: [], get: [], create: [] };
      all.set(contender.name, found);
      await workshop.withClosing(async (closing) => {
        const running = await contender.start({
          folder: workshop.folder(contender.name),
          node: workshop.node,
          closing,
        });
        for (const endpoint of ENDPOINTS)
          found[endpoint].push(await measureEndpoint(running, endpoint, seconds));
      });
    }
  }
  return new Map(
    [...all].map(([name, { list, get, create }]) => [
      name,
      { list: medians(list), get: medians(get), create: medians(create) },
    ]),
  );
}

function medians(runs: readonly EndpointFigures[]): EndpointFigures {
  const of = (name: keyof EndpointFigures) => median(runs.map((run) => run[name]));
  return {
    requestsPerSecond: of('requestsPerSecond'),
    requestsPerCpuSecond: of('requestsPerCpuSecond'),
    steadyP50Ms: of('steadyP50Ms'),
    steadyP99Ms: of('steadyP99Ms'),
    failed: runs.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function table(figures: Figures): string[][] {
  const head = [
    'endpoint',
    'server',
    'req/CPU-s',
    'of FULL',
    'of NORMAL',
    'req/s',
    'p50 ms',
    'p99 ms',
    'failed',
  ];
  const rows = ENDPOINTS.flatMap((endpoint) =>
    CONTENDERS.map(({ name }) => {
      const own = figureOf(figures, name, endpoint);
      const against = (other: Contender) =>
        (own.requestsPerCpuSecond / figureOf(figures, other.name, endpoint).requestsPerCpuSecond).toFixed(2);
      return [
        ...[endpoint, name, own.requestsPerCpuSecond.toFixed(0), against(FULL), against(NORMAL)],
        ...[
          own.requestsPerSecond.toFixed(0),
          own.steadyP50Ms.toFixed(1),
          own.steadyP99Ms.toFixed(1),
          String(own.failed),
        ],
      ];
    }),
  );
  return [head, ...rows];
}

function isMet(figures: Figures): boolean {
  return ENDPOINTS.every((endpoint) => {
    const [own, other] = [figureOf(figures, MAQUE.name, endpoint), figureOf(figures, FULL.name, endpoint)];
    return (
      own.failed === 0 &&
      own.requestsPerCpuSecond >= LEAST_RATIO * other.requestsPerCpuSecond &&
      own.steadyP99Ms <= MOST_P99_RATIO * other.steadyP99Ms
    );
  });
}

function figureOf(figures: Figures, name: string, endpoint: Endpoint): EndpointFigures {
  const found = figures.get(name);
  if (found === undefined) throw new Error(`${name} was not measured`);
  return found[endpoint];
}

function markdownReport(
  rows: string[][],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): string {
  return `# A plain collection, against the same by hand

\`node bench/plain-collection.ts\`: medians of ${rounds} alternating rounds of ${seconds} s. 10,000 notes of 300 bytes; pages of 20, newest
first; 50 connections, each sends when it has its answer (req/CPU-s: all processes, keeper included); latency at 500 req/s
at even distances, from when each was due. Maque keeps what it acknowledged through a power cut, as \`synchronous = FULL\`
does by hand; NORMAL does not.

${markdownTable(rows)}
`;
}
