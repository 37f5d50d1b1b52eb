// node bench/leaks/record.ts: runs scenarios, each in a process of its own, and records their memory.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { MINUTE, MiB, SECOND } from '@maque/kit';
import { OpenLoopClient } from './client.ts';
import type { Scenario } from './scenario.ts';

const HELP = `node bench/leaks/record.ts [SCENARIO …] [options]

Records scenarios of bench/leaks/scenarios (all unless named) into bench/leaks/recordings, 3 to 4 minutes each.
Needs the packages of bench: npm ci --prefix bench.

  --node PATH        the Node that runs the service; this one unless told
  --at-once N        services that run side by side; 2 unless told
  --minutes M        instead of what the scenario says
  --import MODULE    loaded into the service first, such as a guard under test
  --out FOLDER       where recordings go
`;
const MAX_OLD_SPACE_MIB = 256;
// What a container would have. Stated, not enforced: memory outside the heap runs out of it.
const CONTAINER_LIMIT_MIB = 512;
// A service that does not go when told is killed after this.
const STOP_MS = 5 * SECOND;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: process.execPath },
    'at-once': { type: 'string', default: '2' },
    minutes: { type: 'string' },
    import: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: join(import.meta.dirname, 'recordings') },
    help: { type: 'boolean' },
  },
});

if (values.help === true) process.stdout.write(HELP);
else await recordAll();

async function recordAll(): Promise<void> {
  mkdirSync(values.out, { recursive: true });
  const all = readdirSync(join(import.meta.dirname, 'scenarios')).map((file) => basename(file, '.js'));
  const waiting = positionals.length > 0 ? [...positionals] : all.sort();
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await record(name);
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
}

async function record(name: string): Promise<void> {
  const file = join(import.meta.dirname, 'scenarios', `${name}.js`);
  const { scenario } = (await import(file)) as { scenario: Scenario };
  const service = fork(join(import.meta.dirname, 'service.js'), [file], {
    execPath: values.node,
    execArgv: [
      `--max-old-space-size=${MAX_OLD_SPACE_MIB}`,
      ...values.import.flatMap((module) => ['--import', module]),
    ],
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const lines: string[] = [];
  let client: OpenLoopClient | undefined;
  service.on('message', (message: { port?: number; routes?: string[]; node?: string }) => {
    if (message.port === undefined) {
      lines.push(JSON.stringify(message));
      return;
    }
    const header = {
      header: 1,
      name,
      node: message.node,
      maxOldSpace: MAX_OLD_SPACE_MIB * MiB,
      containerLimit: CONTAINER_LIMIT_MIB * MiB,
      routes: message.routes,
    };
    lines.unshift(JSON.stringify(header));
    client = new OpenLoopClient(message.port, seedOf(name), scenario.arrivals, scenario.populations ?? []);
    setTimeout(() => stop(service), Number(values.minutes ?? scenario.minutes) * MINUTE);
  });
  const [code] = await once(service, 'exit');
  client?.stop();
  lines.push(JSON.stringify({ end: 1, exit: code, client: client?.counts }));
  writeFileSync(join(values.out, `${name}.jsonl.gz`), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
  process.stdout.write(
    `${name}: ${lines.length - 2} samples, exit ${code}, ${JSON.stringify(client?.counts)}\n`,
  );
}

function stop(service: ChildProcess): void {
  service.send('stop');
  setTimeout(() => service.kill('SIGKILL'), STOP_MS).unref();
}

/** The same requests each time a scenario is recorded. */
function seedOf(name: string): number {
  return [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
}
