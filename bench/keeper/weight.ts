/**
 * What a supervisor weighs, and of what that is made: `node bench/keeper/weight.ts [--seconds 60] [--heartbeats 100000]`.
 * Needs the build (`npm run build`) and Linux. About 3 minutes; what else runs on the machine disturbs only the CPU.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bytes, KiB, MiB, SECOND } from '@maque/kit';
import { readExactCpu } from '../measure/exact-cpu.ts';
import { readMachineFacts } from '../measure/machine.ts';
import { textTable } from '../report/text-table.ts';
import { repositoryFolder } from '../stacks/paths.ts';

interface Weight {
  readonly rss: Bytes;
  /** Pages of files, which all processes of the same binary share. */
  readonly file: Bytes;
  readonly private: Bytes;
  readonly threads: number;
}

interface Candidate {
  readonly name: string;
  readonly args: readonly string[];
  readonly heartbeats: number;
}

/** A server that repeats its last heartbeat as often as it is told, as fast as a keeper takes them. */
const APP = `
  let last;
  const send = process.send.bind(process);
  process.send = (message, ...rest) => {
    if (message?.type === 'status') last = message;
    return send(message, ...rest);
  };
  const repeat = (left) => {
    if (last === undefined) return setTimeout(repeat, 100, left);
    for (let sent = 0; sent < Math.min(50, left); sent += 1) send(last);
    if (left > 50) setTimeout(repeat, 5, left - 50);
    else console.log('repeated');
  };
  require('node:http').createServer((request, response) => response.end()).listen(0, () => {
    console.log('serves');
    const count = Number(process.env.HEARTBEATS);
    if (count > 0) repeat(count);
  });`;

/** The least that supervises: node:cluster alone, its two workers restarted by nobody. */
const CLUSTER = `
  const cluster = require('node:cluster');
  cluster.setupPrimary({ exec: process.argv[1], execArgv: [] });
  for (let worker = 0; worker < 2; worker += 1) cluster.fork();`;

const WORKERS = 2;
// What starts has started, and what is collected is.
const SETTLE_MS = 3 * SECOND;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      heartbeats: { type: 'string', default: '100000' },
    },
  });
  const [seconds, heartbeats] = [Number(values.seconds), Number(values.heartbeats)];
  if (!(seconds >= 1 && seconds <= 3_600) || !(Number.isInteger(heartbeats) && heartbeats >= 100)) {
    process.stderr.write('--seconds takes 1 to 3600, --heartbeats a whole number from 100 on\n');
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'maque-weight-'));
  try {
    const app = join(folder, 'app.cjs');
    writeFileSync(app, APP);
    const { cpu, kernel, node } = readMachineFacts();
    process.stdout.write(`${node}, ${cpu}, Linux ${kernel}\n\n`);
    const rows = [['', 'RSS', 'of it file pages', 'private', 'threads', 'CPU of a core']];
    for (const candidate of candidatesOf(app, folder, heartbeats)) {
      rows.push([candidate.name, ...(await weigh(candidate, seconds))]);
    }
    process.stdout.write(`${textTable(rows)}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function candidatesOf(app: string, folder: string, heartbeats: number): readonly Candidate[] {
  const command = join(repositoryFolder, 'packages/maque/bin/maque.js');
  const withoutFlags = join(repositoryFolder, 'packages/maque/bundle/bin.cjs');
  const run = (script: string, name: string) => [
    script,
    ...['run', '--memory', '700M', '--workers', String(WORKERS), '--metrics-port', '0'],
    ...['--data-dir', join(folder, name), app],
  ];
  const after = `after ${heartbeats.toLocaleString('en')} heartbeats`;
  return [
    { name: 'Node alone', args: ['-e', 'setInterval(() => {}, 1e9)'], heartbeats: 0 },
    { name: 'node:cluster alone', args: ['-e', CLUSTER, app], heartbeats: 0 },
    { name: 'maque run', args: run(command, 'a'), heartbeats: 0 },
    { name: `maque run, ${after}`, args: run(command, 'b'), heartbeats },
    { name: `without its V8 flags, ${after}`, args: run(withoutFlags, 'c'), heartbeats },
  ];
}

async function weigh({ args, heartbeats }: Candidate, seconds: number): Promise<readonly string[]> {
  const env = { ...process.env, HEARTBEATS: String(heartbeats / WORKERS) };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    if (heartbeats > 0) await told(child, 'repeated', WORKERS);
    await wait(SETTLE_MS);
    const pid = child.pid ?? 0;
    const before = readExactCpu(pid);
    await wait(seconds * SECOND);
    const used = readExactCpu(pid).seconds - before.seconds;
    const { rss, file, private: own, threads } = readWeight(pid);
    const mebibytes = [rss, file, own].map((bytes) => `${(bytes / MiB).toFixed(1)} MiB`);
    return [...mebibytes, String(threads), `${((100 * used) / seconds).toFixed(2)} %`];
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

/** Waits until a word has come so often. @throws Error when the process ends before. */
function told(child: ChildProcess, word: string, times: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = times;
    child.stdout?.on('data', (chunk: Buffer) => {
      left -= chunk.toString().split(word).length - 1;
      if (left <= 0) resolve();
    });
    child.once('exit', () => reject(new Error(`it ended before it had told '${word}' ${times} times`)));
  });
}

function readWeight(pid: number): Weight {
  const kib = (file: string, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1]);
  return {
    rss: kib('smaps_rollup', 'Rss') * KiB,
    file: kib('status', 'RssFile') * KiB,
    private: (kib('smaps_rollup', 'Private_Clean') + kib('smaps_rollup', 'Private_Dirty')) * KiB,
    threads: kib('status', 'Threads'),
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
