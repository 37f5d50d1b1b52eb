// node bench/leaks/name-leaks.ts: runs services that leak, each with the guard in it, and says how often the report names
// the route first that leaks, and a constructor or a place of the leak.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LeakReport } from '@maque/guard';
import { readMachineFacts } from '../measure/machine.ts';
import { OpenLoopClient } from './client.ts';
import { writeLeakPage } from './leak-pages.ts';
import type { Scenario } from './scenario.ts';
import { type NamedRight, scoreReport } from './score-report.ts';

const HELP = `node bench/leaks/name-leaks.ts [SCENARIO …] [options]

Runs the leaking scenarios of bench/leaks/scenarios and bench/leaks/everyday (all unless named), 2 to 4 minutes each, and
checks the guard's leak reports against their labels. Needs the packages of bench: npm ci --prefix bench, and a build.

  --set FOLDER       scenarios of another set instead: FOLDER/run.mjs, FOLDER/scenarios, labels in FOLDER/index.json
  --node PATH        the Node that runs the services; this one unless told
  --at-once N        services that run side by side; 2 unless told
  --minutes M        instead of what the scenario says
  --markdown FILE    writes a page; docs/reference/leak-reports.md is put together of such
  --keep FOLDER      keeps the reports there
`;
const INTRODUCTION = `Written by \`node bench/leaks/name-leaks.ts --markdown docs/reference/leak-reports.md\`. Services that leak, each with the guard in it
under its own traffic. A report counts as right where the route that it names first is the one that leaks, and where the first
place shows a constructor or a function of the leak. It is made when the guard suspects a leak; where it has suspected none 115 s
before the end it is asked for. The longest pause is the longest time for which the report let the service stand still, by the
processor time of its thread; beside it the same on the clock, which on a busy machine also holds time in which others had the
processor. A service may have no route to blame, such as a timer: then a report is right that names none.`;

// Those that are recorded for the detector, and everyday mistakes that are not.
const OWN_FOLDERS = ['scenarios', 'everyday'];

const MAX_OLD_SPACE_MIB = 256;
// The explainer is asked when the detector has said nothing this long before the end: it watches for 75 s, or a quarter longer
// where its profile was started anew, and waits for a collection.
const ASK_BEFORE_END_MS = 115_000;
const MINUTE_MS = 60_000;

interface Labelled {
  readonly name: string;
  readonly route: string | null;
  readonly constructors: readonly string[];
  readonly sites: readonly string[];
  readonly minutes: number;
  readonly run: (reportFile: string, minutes: number) => Promise<void>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    set: { type: 'string' },
    node: { type: 'string', default: process.execPath },
    'at-once': { type: 'string', default: '2' },
    minutes: { type: 'string' },
    keep: { type: 'string' },
    markdown: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (values.help === true) process.stdout.write(HELP);
else await nameAll();

async function nameAll(): Promise<void> {
  const machine = readMachineFacts();
  const all = values.set === undefined ? await ownScenarios() : scenariosOf(values.set);
  const waiting = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'maque-name-leaks-'));
  const results: NamedRight[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = await nameOne(next, join(folder, `${next.name}.json`));
      process.stdout.write(`${line(result)}\n`);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  const summary = summaryOf(results);
  process.stdout.write(`${summary}\n`);
  if (values.markdown === undefined) return;
  writeLeakPage(values.markdown, {
    title: 'How often a report names the leak',
    introduction: INTRODUCTION,
    machine,
    rows: [
      [
        'service that leaks',
        'route',
        'constructor or place',
        'longest pause',
        'on the clock',
        'asked',
        'named first',
      ],
      ...results.map(cells),
    ],
    closing: `In all: ${summary}.`,
  });
}

function summaryOf(results: readonly NamedRight[]): string {
  const count = (right: (result: NamedRight) => boolean) =>
    `${results.filter(right).length}/${results.length}`;
  return [
    `route ${count(({ route }) => route)}`,
    `constructor or place ${count(({ place }) => place)}`,
    `both ${count(({ route, place }) => route && place)}`,
    `without being asked ${count(({ asked }) => !asked)}`,
    `longest pause ${Math.max(...results.map(({ workMs }) => workMs))} ms of processor time`,
    `${Math.max(...results.map(({ pauseMs }) => pauseMs))} ms on the clock`,
  ].join(' · ');
}

function cells({ name, route, place, pauseMs, workMs, asked, first }: NamedRight): readonly string[] {
  const mark = (right: boolean) => (right ? 'right' : 'WRONG');
  return [name, mark(route), mark(place), `${workMs} ms`, `${pauseMs} ms`, asked ? 'yes' : 'no', first];
}

async function nameOne(labelled: Labelled, file: string): Promise<NamedRight> {
  const minutes = Number(values.minutes ?? labelled.minutes);
  await labelled.run(file, minutes);
  if (!existsSync(file)) return scoreReport(labelled, null, false);
  const { report, asked } = JSON.parse(readFileSync(file, 'utf8')) as { report: LeakReport; asked: boolean };
  return scoreReport(labelled, report, asked);
}

function line({ name, route, place, asked, pauseMs, workMs, first }: NamedRight): string {
  const mark = (right: boolean) => (right ? 'right' : 'WRONG');
  return `${name.padEnd(28)} route ${mark(route)} · place ${mark(place)} · ${asked ? 'asked' : 'by itself'} · ${workMs} ms (${pauseMs} on the clock) · ${first}`;
}

function hookArguments(): string[] {
  return ['--import', join(import.meta.dirname, 'explain-hook.js')];
}

function hookEnvironment(file: string, minutes: number): NodeJS.ProcessEnv {
  const askAfterMs = Math.max(10_000, minutes * MINUTE_MS - ASK_BEFORE_END_MS);
  return {
    ...process.env,
    NODE_ENV: 'production',
    NAME_LEAKS_REPORT: file,
    NAME_LEAKS_ASK_AFTER_MS: String(askAfterMs),
  };
}

async function ownScenarios(): Promise<Labelled[]> {
  const found: Labelled[] = [];
  for (const path of OWN_FOLDERS.flatMap(filesIn)) {
    const { scenario } = (await import(path)) as { scenario: Scenario };
    const { leak, minutes } = scenario;
    if (leak === null) continue;
    const name = basename(path, '.js');
    found.push({ name, minutes, ...leak, run: (report, length) => runOwn(path, scenario, report, length) });
  }
  return found;
}

function filesIn(name: string): string[] {
  const folder = join(import.meta.dirname, name);
  return readdirSync(folder)
    .sort()
    .map((file) => join(folder, file));
}

async function runOwn(path: string, scenario: Scenario, report: string, minutes: number): Promise<void> {
  const service = fork(join(import.meta.dirname, 'service.js'), [path], {
    execPath: values.node,
    execArgv: [`--max-old-space-size=${MAX_OLD_SPACE_MIB}`, ...hookArguments()],
    env: hookEnvironment(report, minutes),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let client: OpenLoopClient | undefined;
  let ending: NodeJS.Timeout | undefined;
  service.on('message', ({ port }: { port?: number }) => {
    if (port === undefined) return;
    client = new OpenLoopClient(port, 1, scenario.arrivals, scenario.populations ?? []);
    ending = setTimeout(() => service.kill('SIGKILL'), minutes * MINUTE_MS);
  });
  await once(service, 'exit');
  clearTimeout(ending);
  client?.stop();
}

interface SetIndex {
  readonly traces: readonly {
    readonly name: string;
    readonly leaking: boolean;
    readonly duration_s: number;
    readonly leaking_route: string;
    readonly expected_constructors: readonly string[];
    readonly expected_sites: readonly string[];
  }[];
}

function scenariosOf(set: string): Labelled[] {
  const { traces } = JSON.parse(readFileSync(join(set, 'index.json'), 'utf8')) as SetIndex;
  return traces
    .filter(({ leaking }) => leaking)
    .map((trace) => ({
      name: trace.name,
      route: trace.leaking_route,
      constructors: trace.expected_constructors,
      sites: trace.expected_sites,
      minutes: trace.duration_s / 60,
      run: async (report, minutes) => {
        const scenario = join('scenarios', `${trace.name}.mjs`);
        const runner = fork(
          'run.mjs',
          [scenario, '--minutes', String(minutes), '--quiet', ...hookArguments()],
          {
            cwd: set,
            execPath: values.node,
            execArgv: [],
            env: hookEnvironment(report, minutes),
            stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
          },
        );
        await once(runner, 'exit');
      },
    }));
}
