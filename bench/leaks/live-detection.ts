// How soon the guard sees a leak in a live service, how right its rate is, and whether it is quiet where nothing leaks:
//   node bench/leaks/live-detection.ts [--only heap] [--heap-mib 256] [--record FOLDER]
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { readMachineFacts } from '../measure/machine.ts';
import { textTable } from '../report/text-table.ts';
import { writeLeakPage } from './leak-pages.ts';
import { CASES, LEAK_FROM_MS, type LiveCase, REQUESTS_PER_SECOND, RUN_MS, WORKERS } from './live-cases.ts';
import type { Relayed } from './live-cluster.ts';
import { LiveLoad } from './live-load.ts';
import { LiveRecord, seconds, type WorkerResult } from './live-record.ts';
import { trafficOf } from './live-traffic.ts';

const HELP = `node bench/leaks/live-detection.ts [options]

Runs a small shop under the guard, ${WORKERS} workers and ${REQUESTS_PER_SECOND} requests a second of it in each case, some of which leak from
the ${LEAK_FROM_MS / SECOND}th second on. All cases at once: ${(RUN_MS / MINUTE).toFixed(1)} minutes. Ends with 1 when a goal is missed.

  --only TEXT     cases with this in their name
  --heap-mib N    old-space limit of each worker; 256 unless told
  --markdown FILE writes a page, docs/reference/leak-detection.md
  --record DIR    also writes what each worker tells of itself, a line a second, for \`maque guard replay\`
`;
const INTRODUCTION = `Written by \`node bench/leaks/live-detection.ts --markdown docs/reference/leak-detection.md\`. A small shop on bare
\`node:http\` under \`--import @maque/guard/register\`, ${WORKERS} workers and ${REQUESTS_PER_SECOND} requests a second in each case, all cases side by side on
one machine. From the ${LEAK_FROM_MS / SECOND}th second on one route keeps objects or Buffers for good. Told are, of each worker: the time from the
first leaking request to the first suspicion of the right pool, how far the rate was off when the wanted time was up (against two
full collections), suspicions that were wrong, collections that the guard forced, and its own time as a share of one core. The
healthy one has three times the traffic for 5 s of every 30, bodies of 40 MiB, a cache that fills and one that is rebuilt.`;

// Both after the slow leak's time is up, far enough apart for a rate.
const CONFIRM_AT_MS: readonly Milliseconds[] = [RUN_MS - 48 * SECOND, RUN_MS - 8 * SECOND];

interface Options {
  readonly only: string;
  readonly heapMebibytes: string;
  readonly recordFolder: string | undefined;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      'heap-mib': { type: 'string', default: '256' },
      markdown: { type: 'string' },
      record: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = { only: values.only, heapMebibytes: values['heap-mib'], recordFolder: values.record };
  const machine = readMachineFacts();
  const cases = CASES.filter(({ name }) => name.includes(options.only));
  const results = await Promise.all(cases.map((each, index) => runCase(each, index + 1, options)));
  const isMet = cases.map((each, index) => (results[index] ?? []).every((result) => meets(each, result)));
  const table = rows(cases, results, isMet);
  process.stdout.write(`${textTable(table)}\n`);
  if (values.markdown !== undefined) {
    const title = 'How soon a leak is seen';
    writeLeakPage(values.markdown, { title, introduction: INTRODUCTION, machine, rows: table });
  }
  return isMet.every(Boolean) ? 0 : 1;
}

async function runCase(liveCase: LiveCase, seed: number, options: Options): Promise<readonly WorkerResult[]> {
  const records = Array.from({ length: WORKERS }, () => new LiveRecord(liveCase));
  const files = openFiles(liveCase, options.recordFolder);
  const primary = fork(new URL('./live-cluster.ts', import.meta.url), {
    env: { ...process.env, LIVE_APP: JSON.stringify(liveCase.ailment), LIVE_HEAP_MIB: options.heapMebibytes },
  });
  const listening = Promise.withResolvers<number>();
  primary.on('message', (message: Relayed) => {
    if (message.kind === 'listening') listening.resolve(message.port);
    if (message.kind === 'exit') process.stderr.write(`${liveCase.name}: a worker ended\n`);
    if (message.kind !== 'told') return;
    records[message.worker]?.add(message.told);
    if (message.told.kind === 'state') {
      const { routes, state } = message.told;
      const { memory, requests, leaks, cost } = state;
      files[message.worker]?.write(`${JSON.stringify({ memory, requests, routes, leaks, cost })}\n`);
    } else {
      process.stderr.write(`${liveCase.name}, worker ${message.worker}: ${JSON.stringify(message.told)}\n`);
    }
  });
  primary.on('exit', () => listening.reject(new Error(`${liveCase.name}: the service ended`)));
  try {
    await load(liveCase, await listening.promise, seed, primary);
    return records.map((record) => record.result());
  } finally {
    for (const file of files) file.end();
    await end(primary);
  }
}

async function load(liveCase: LiveCase, port: number, seed: number, primary: ChildProcess): Promise<void> {
  const client = new LiveLoad({ host: '127.0.0.1', port }, trafficOf(liveCase), seed);
  try {
    const startedAt = performance.now();
    for (const at of CONFIRM_AT_MS) {
      await sleep(at - (performance.now() - startedAt));
      primary.send({ kind: 'confirm' });
    }
    await sleep(RUN_MS - (performance.now() - startedAt));
  } finally {
    await client.stop();
    process.stderr.write(`${liveCase.name}: ${client.answered} answered, ${client.lost} lost\n`);
  }
}

async function end(primary: ChildProcess): Promise<void> {
  if (primary.exitCode !== null || primary.signalCode !== null) return;
  primary.removeAllListeners('exit');
  const exited = once(primary, 'exit');
  primary.disconnect();
  await exited;
}

function openFiles({ name }: LiveCase, folder: string | undefined) {
  if (folder === undefined) return [];
  mkdirSync(folder, { recursive: true });
  const title = name.replaceAll(/[^A-Za-z0-9.]+/g, '-');
  return Array.from({ length: WORKERS }, (_, worker) =>
    createWriteStream(join(folder, `${title}-${worker}.jsonl`)),
  );
}

function meets({ pool, signalWithinMs }: LiveCase, result: WorkerResult): boolean {
  if (result.falseAlarms.length > 0) return false;
  if (pool === null || signalWithinMs === null) return true;
  const isSoon = result.signalAfterMs !== null && result.signalAfterMs <= signalWithinMs;
  const isSlow = signalWithinMs > MINUTE;
  return isSoon && (!isSlow || Math.abs(result.rateError ?? 1) <= 0.2);
}

function rows(
  cases: readonly LiveCase[],
  results: readonly (readonly WorkerResult[])[],
  isMet: readonly boolean[],
): readonly (readonly string[])[] {
  const head = ['case', 'signal after', 'wanted', 'rate off by', 'false alarms', 'forced', 'guard', ''];
  const body = cases.map((each, index) => {
    const workers = results[index] ?? [];
    const both = (show: (result: WorkerResult) => string): string => workers.map(show).join(', ');
    return [
      each.name,
      each.pool === null ? '' : both(({ signalAfterMs }) => seconds(signalAfterMs)),
      each.signalWithinMs === null ? 'none' : `≤ ${seconds(each.signalWithinMs)}`,
      each.pool === null
        ? ''
        : both(({ rateError }) => (rateError === null ? '?' : `${(rateError * 100).toFixed(0)} %`)),
      both(({ falseAlarms }) => String(falseAlarms.length)),
      both(({ forcedCollections }) => String(forcedCollections)),
      both(({ ownShare }) => `${(ownShare * 100).toFixed(3)} %`),
      isMet[index] ? 'met' : 'MISSED',
    ];
  });
  return [head, ...body];
}
