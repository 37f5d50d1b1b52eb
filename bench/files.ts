import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, formatBytes, KiB, MiB, type Milliseconds } from '@maque/kit';
import { type BenchValues, outputFile, runBenchmark, size, wholeNumber } from './benchmark.ts';
import { say, write } from './command.ts';
import { type FileClient, loadFile, type SentFile, sendFile } from './files/file-client.ts';
import { startFileServer } from './files/file-server.ts';
import { MemoryWatch } from './measure/memory-watch.ts';
import { treeMemory } from './measure/process-tree.ts';
import { markdownTable, textTable } from './report/text-table.ts';
import type { Workshop } from './runs/workshop.ts';

const HELP = `node bench/files.ts [options]

Sends one large file to a server that keeps files on its disk and loads it again, then many at once, and watches the memory
of keeper and worker meanwhile. Every file that comes back is held against what was sent. Some two minutes, and 8 GB of the
disk that has the folder for temporary files.

  --large BYTES    the one file; 2G unless told, which is also the most
  --crowd N        how many at once; 200 unless told
  --each BYTES     each of them; 10M unless told
  --markdown FILE  writes the report there too
  --help           this

Ends with 0 when the goals are met (20 MiB over what it had for one file, 48 MiB and 256 KiB for each of the crowd), 1 when
not or when an option is wrong.
`;

/** Nothing of a file is kept: what its stream holds and the code for it. */
const MOST_FOR_ONE: Bytes = 20 * MiB;
/**
 * The memory plan gives bodies 16 MiB, which is 32 files on their way, and counts three times that. Whoever is told to come
 * back has sent some of the file by then: a chunk of 64 KiB in each of the socket, the parser and the request, and once more.
 */
const mostForCrowd = (crowd: number): Bytes => 3 * 16 * MiB + crowd * 256 * KiB;
/** The code for files is loaded and compiled with the first of them. */
const WARM_UPS = 20;
const WARM_UP_BYTES: Bytes = 512 * KiB;
/** Until what starting took is given back. */
const SETTLE_MS: Milliseconds = 5_000;

const options = { large: size('2G'), crowd: wholeNumber(200), each: size('10M'), markdown: outputFile };
type Options = BenchValues<typeof options>;

interface Stage {
  readonly name: string;
  readonly over: Bytes;
  readonly most: Bytes;
  readonly seconds: number;
  readonly bytes: Bytes;
  readonly refusals: number;
}

process.exitCode = await runBenchmark({
  help: HELP,
  options,
  needsQuiet: true,
  async run(workshop, values) {
    const stages = await measure(workshop, values);
    const rows = table(stages);
    process.stdout.write(`${textTable(rows)}\n`);
    if (values.markdown !== undefined) write(values.markdown, `${markdownTable(rows)}\n`);
    return stages.every(({ over, most }) => over <= most) ? 0 : 1;
  },
});

function measure(workshop: Workshop, { large, crowd, each }: Options): Promise<readonly Stage[]> {
  return workshop.withClosing(async (closing) => {
    const folder = workshop.folder('files');
    const server = await startFileServer({ folder, node: workshop.node, closing });
    await warmUp(server);
    await sleep(SETTLE_MS);
    const stages: Stage[] = [];
    const stage = async <T extends { readonly refusals: number }>(
      about: Pick<Stage, 'name' | 'most' | 'bytes'>,
      work: () => Promise<readonly T[]>,
    ): Promise<readonly T[]> => {
      say(about.name);
      const { done, ...measured } = await watched(server.pid, work);
      stages.push({ ...about, ...measured, refusals: done.reduce((sum, { refusals }) => sum + refusals, 0) });
      return done;
    };
    const one = { most: MOST_FOR_ONE, bytes: large };
    const [file] = await stage({ ...one, name: `${formatBytes(large)} up` }, async () => [
      await sendFile(server, large),
    ]);
    await stage({ ...one, name: `${formatBytes(large)} down` }, async () => [
      await loadFile(server, file as SentFile),
    ]);
    const many = { most: mostForCrowd(crowd), bytes: crowd * each };
    const sent = await stage({ ...many, name: `${crowd} × ${formatBytes(each)} at once up` }, () =>
      Promise.all(Array.from({ length: crowd }, () => sendFile(server, each))),
    );
    await stage({ ...many, name: `${crowd} × ${formatBytes(each)} at once down` }, () =>
      Promise.all(sent.map((one) => loadFile(server, one))),
    );
    return stages;
  });
}

async function warmUp(client: FileClient): Promise<void> {
  for (let round = 0; round < WARM_UPS; round += 1) {
    await loadFile(client, await sendFile(client, WARM_UP_BYTES));
  }
}

/** What work takes, in time and in memory over what there was before. */
async function watched<T>(
  pid: number,
  work: () => Promise<readonly T[]>,
): Promise<{ done: readonly T[]; over: Bytes; seconds: number }> {
  const before = treeMemory([pid]).rss;
  const watch = new MemoryWatch([pid]);
  const startedAt = performance.now();
  try {
    const done = await work();
    return { done, over: watch.peak.rss - before, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    watch.stop();
  }
}

function table(stages: readonly Stage[]): string[][] {
  const rows = stages.map(({ name, over, most, seconds, bytes, refusals }) => [
    name,
    `+${formatBytes(over)}`,
    formatBytes(most),
    `${Math.round(bytes / MiB / seconds)} MiB/s`,
    String(refusals),
    over <= most ? 'yes' : 'NO',
  ]);
  return [['files', 'RSS over before', 'at most', 'speed', 'told to come back', 'met'], ...rows];
}
