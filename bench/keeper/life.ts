/**
 * The life of a keeper, made short: `node bench/keeper/life.ts [--seconds 180]`. Two workers of a small app print 100 lines a
 * second between them and are replaced again and again, and every 100 ms somebody asks the keeper for its metrics, its state
 * or its events. Shows what the keeper holds and by how much that grows. Needs the build (`npm run build`) and Linux.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { controlRequest } from '@maque/keeper';
import { MiB, type Milliseconds, SECOND } from '@maque/kit';
import { readMachineFacts } from '../measure/machine.ts';
import { textTable } from '../report/text-table.ts';
import { readState, readyWorkers } from '../stacks/maque-control.ts';
import { repositoryFolder } from '../stacks/paths.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import { growthOf, type Sample } from './measure/growth.ts';
import { SupervisorWatch } from './measure/supervisor-watch.ts';

/** A server that prints, as apps do. */
const APP = `
  require('node:http').createServer((request, response) => response.end()).listen(0);
  let line = 0;
  setInterval(() => console.log('{"level":30,"msg":"request ' + (line += 1) + ' done","ms":3}'), 20);`;

const WORKERS = 2;
const ASK_EVERY_MS: Milliseconds = 100;
const ASKED = ['/metrics', '/state', '/events?after=0&limit=100'];
const START_MS: Milliseconds = 30 * SECOND;
/** Until then a keeper grows to its size. */
const SETTLING_SHARE = 0.2;
const PARTS = 6;

interface Counts {
  replaced: number;
  asked: number;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '180' } } });
  const seconds = Number(values.seconds);
  if (!(seconds >= 30 && seconds <= 86_400)) {
    process.stderr.write('--seconds takes 30 to 86400\n');
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'maque-life-'));
  try {
    const { cpu, kernel, node } = readMachineFacts();
    process.stdout.write(`${node}, ${cpu}, Linux ${kernel}\n\n`);
    await live(folder, seconds * SECOND);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function live(folder: string, forMs: Milliseconds): Promise<void> {
  const app = join(folder, 'app.cjs');
  writeFileSync(app, APP);
  const command = join(repositoryFolder, 'packages/maque/bin/maque.js');
  const options = [
    '--memory',
    '700M',
    '--workers',
    String(WORKERS),
    '--metrics-port',
    '0',
    '--data-dir',
    folder,
  ];
  const keeper = spawn(process.execPath, [command, 'run', ...options, app], { stdio: 'ignore' });
  const socket = join(folder, 'control.sock');
  try {
    const serves = async () => (await readyCount(socket)) === WORKERS;
    await waitUntil(serves, { what: 'the keeper to serve', timeoutMs: START_MS, everyMs: ASK_EVERY_MS });
    const watch = new SupervisorWatch(keeper.pid ?? 0);
    const counts = await trouble(socket, performance.now() + forMs);
    watch.stop();
    tell(watch, counts);
  } finally {
    keeper.kill('SIGTERM');
    if (keeper.exitCode === null) await once(keeper, 'exit');
  }
}

/** Replaces whoever serves and asks for everything, over and over. */
async function trouble(socket: string, endsMs: Milliseconds): Promise<Counts> {
  const counts: Counts = { replaced: 0, asked: 0 };
  while (performance.now() < endsMs) {
    await controlRequest(socket, 'GET', ASKED[counts.asked % ASKED.length] ?? '/state');
    counts.asked += 1;
    if ((await readyCount(socket)) === WORKERS) {
      await controlRequest(socket, 'POST', '/recycle');
      counts.replaced += WORKERS;
    }
    await sleep(ASK_EVERY_MS);
  }
  return counts;
}

async function readyCount(socket: string): Promise<number> {
  return await readState(socket).then(
    (state) => readyWorkers(state).length,
    () => 0,
  );
}

function tell(watch: SupervisorWatch, { replaced, asked }: Counts): void {
  const head = [
    '',
    ...Array.from({ length: PARTS }, (_, part) => `${part + 1}/${PARTS}`),
    'growth per hour (95 %)',
  ];
  const rows = [
    ['private memory, MiB', ...means(watch.anonymous), growth(watch.anonymous)],
    ['RSS, MiB', ...means(watch.rss), growth(watch.rss)],
  ];
  process.stdout.write(`${textTable([head, ...rows])}\n\n`);
  const most = Math.max(...watch.rss.map(({ value }) => value));
  process.stdout.write(
    `${replaced} workers replaced, ${asked} questions answered; at most ${mebibytes(most)} MiB RSS\n`,
  );
}

/** Of each part of the run. */
function means(samples: readonly Sample[]): readonly string[] {
  return Array.from({ length: PARTS }, (_, part) => {
    const edge = (index: number) => Math.round((index * samples.length) / PARTS);
    const some = samples.slice(edge(part), edge(part + 1));
    return mebibytes(some.reduce((sum, { value }) => sum + value, 0) / some.length);
  });
}

function growth(samples: readonly Sample[]): string {
  const { perHour, low, high } = growthOf(samples.slice(Math.floor(samples.length * SETTLING_SHARE)));
  return `${mebibytes(perHour)} (${mebibytes(low)} to ${mebibytes(high)})`;
}

function mebibytes(bytes: number): string {
  return (bytes / MiB).toFixed(1);
}
