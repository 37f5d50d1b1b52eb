import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import { type BenchValues, runBenchmark, wholeNumber } from './benchmark.ts';
import { say } from './command.ts';
import { Ledger } from './durable/ledger.ts';
import { RestartedService } from './durable/restarted-service.ts';
import { seededRandom } from './load/random.ts';
import type { Workshop } from './runs/workshop.ts';

const HELP = `node bench/kill-ledger.ts [options]

Kills workers and the keeper of a service with kill -9, at random moments under load, and starts the keeper again as
systemd would. Clients keep a ledger of what was acknowledged to them; who gets no answer repeats himself with the same
Idempotency-Key. After each kill the database must pass its integrity check, and at the end hold each acknowledged record
exactly once. About half an hour.

  --kills N    500 unless told
  --clients N  24 unless told
  --seed N     of the random numbers; 1 unless told
  --help       this

Ends with 0 when nothing was lost, doubled or damaged, 1 when something was or when an option is wrong.
`;

/** One kill in five is the keeper's, with which its workers go. */
const KEEPER_SHARE = 0.2;
/** From all serving to the next kill: long enough for some hundred writes, short enough for commits and starts to be hit. */
const LONGEST_PAUSE_MS: Milliseconds = 400;
const SHOWN = 10;

const options = { kills: wholeNumber(500), clients: wholeNumber(24), seed: wholeNumber(1) };
type Options = BenchValues<typeof options>;

process.exitCode = await runBenchmark({ help: HELP, options, needsQuiet: false, run });

async function run(workshop: Workshop, { kills, clients, seed }: Options): Promise<number> {
  return await workshop.withClosing(async (closing) => {
    const service = await RestartedService.start(workshop.node, workshop.folder('ledger'));
    closing.push('service', () => service.stop());
    const ledger = new Ledger(service.url);
    const writing = Promise.all(Array.from({ length: clients }, (_, client) => ledger.write(client)));
    const killing = killAll(service, ledger, kills, seededRandom(seed));
    // A client that was refused ends the run at once.
    const { keepers, checks } = await Promise.race([killing, writing.then(() => killing)]);
    ledger.end();
    await writing;
    await service.stop();
    checks.push(damagesIn(service.database));
    return tell(ledger, { kills, keepers, checks, database: service.database });
  });
}

async function killAll(
  service: RestartedService,
  ledger: Ledger,
  kills: number,
  random: () => number,
): Promise<{ readonly keepers: number; readonly checks: (readonly string[])[] }> {
  const checks: (readonly string[])[] = [];
  let keepers = 0;
  for (let done = 0; done < kills; done += 1) {
    await sleep(random() * LONGEST_PAUSE_MS);
    const workers = await service.workers();
    const isKeeper = random() < KEEPER_SHARE;
    const victim = isKeeper ? service.keeper : workers[Math.floor(random() * workers.length)];
    if (victim === undefined || !kill(victim)) {
      done -= 1;
      continue;
    }
    if (isKeeper) keepers += 1;
    checks.push(damagesIn(service.database));
    await service.serving();
    if ((done + 1) % 25 === 0) say(`  ${done + 1} of ${kills} kills, ${ledger.acknowledged} acknowledged`);
  }
  return { keepers, checks };
}

/** Answers whether there was such a process. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** What is wrong with the database now, as whoever opens it first finds it. */
function damagesIn(path: string): string[] {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    const lines = database.prepare('pragma integrity_check').all();
    return lines.map((line) => String(line.integrity_check)).filter((line) => line !== 'ok');
  } finally {
    database.close();
  }
}

function tell(
  ledger: Ledger,
  outcome: {
    readonly kills: number;
    readonly keepers: number;
    /** What each integrity check found. */
    readonly checks: readonly (readonly string[])[];
    readonly database: string;
  },
): number {
  const { lost, doubled, changed, invented } = ledger.compare(outcome.database);
  const faults = { lost, doubled, changed, invented, damages: outcome.checks.flat() };
  const lines = [
    `kills, of which the keeper's     ${outcome.kills}, ${outcome.keepers}`,
    `integrity checks passed          ${outcome.checks.filter((found) => found.length === 0).length} of ${outcome.checks.length}`,
    `records acknowledged             ${ledger.acknowledged}`,
    `requests repeated                ${ledger.repeated}`,
    ...Object.entries(faults).map(([name, found]) => `${name.padEnd(33)}${found.length}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const [name, found] of Object.entries(faults)) {
    for (const one of found.slice(0, SHOWN)) say(`${name}: ${one}`);
  }
  return Object.values(faults).every((found) => found.length === 0) ? 0 : 1;
}
