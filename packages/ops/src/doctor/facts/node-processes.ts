import type { Host, Reading } from '../host/host.ts';
import { flagWords, type NodeFlags, parseNodeFlags, scriptWords, wordsOfOptions } from './node-flags.ts';
import { type NodeVersion, readNodeVersion } from './node-version.ts';
import { type Pm2Process, pm2HomeOf, pm2ProcessOf } from './pm2-apps.ts';
import type { ProcessFacts } from './processes.ts';
import { programName } from './program.ts';
import type { ServiceFacts } from './services.ts';

/** A process of Node: an app, what keeps apps alive (PM2, Maque), or a tool that somebody called. */
export interface NodeProcess {
  readonly process: ProcessFacts;
  /** `shop.service`, `container 0123456789ab`, or `node`. */
  readonly service: ServiceFacts;
  readonly role: 'app' | 'manager' | 'tool';
  readonly flags: NodeFlags;
  /** Whether all places were read in which flags may stand: without it, a flag that is not there may be there. */
  readonly knowsFlags: boolean;
  readonly pm2: Pm2Process | null;
  readonly version: Reading<NodeVersion>;
}

const PROGRAM = /^node(js)?([-.]?\d[\d.]*)?$/;
/** Node 24 and later name their first thread so, and comm is that thread's name. */
const THREAD = /^(node|nodejs|MainThread|node-MainThread)$/;
/** Package managers, editors' helpers and watchers wait for others and need no budget of their own. */
const TOOLS =
  /(^|\/)(npm|npx|pnpm|yarn|corepack|nodemon)(-cli)?(\.c?js)?$|\/\.(vscode|cursor)-server\/|\/nodemon\//;
const KEEPER = /(^|\/)maque(\.js)?$/;
/** Programs that set a title lose their words: `node /srv/app.js` is then one of them. */
const TITLE = /^\S+ \S/;

/** Absent where no Node runs. */
export async function readNodeProcesses(
  host: Host,
  services: readonly ServiceFacts[],
  dumped: readonly Pm2Process[],
): Promise<Reading<readonly NodeProcess[]>> {
  const found = services.flatMap((service) =>
    service.processes.filter(isNode).map((process) => ({ process, service })),
  );
  if (found.length === 0) return { kind: 'absent' };
  const versions = new Map<string, Promise<Reading<NodeVersion>>>();
  const versionOf = (process: ProcessFacts, service: ServiceFacts) => {
    const key = `${service.container ?? ''} ${process.executable ?? process.pid}`;
    const known = versions.get(key) ?? readNodeVersion(host, process);
    versions.set(key, known);
    return known;
  };
  const value = await Promise.all(
    found.map(async ({ process, service }) => ({
      process,
      service,
      role: roleOf(process),
      ...flagsOf(process, dumped),
      version: await versionOf(process, service),
    })),
  );
  return { kind: 'value', value };
}

/** By the program's file: names of threads and titles of processes change. */
export function isNode(process: ProcessFacts): boolean {
  if (process.executable !== null) return PROGRAM.test(programName(process));
  const first = process.commandLine[0]?.split(' ')[0] ?? '';
  return THREAD.test(process.comm) || PROGRAM.test(first.replace(/^.*\//, '')) || pm2HomeOf(process) !== null;
}

function roleOf(process: ProcessFacts): NodeProcess['role'] {
  if (pm2HomeOf(process) !== null) return 'manager';
  const script = wordsAfterProgram(process)[0] ?? '';
  if (KEEPER.test(script)) return 'manager';
  return TOOLS.test(script) || /^(npm|npx|pnpm|yarn) /.test(process.commandLine[0] ?? '') ? 'tool' : 'app';
}

/** The script and its words, whether they stand one by one or in a title. */
export function wordsAfterProgram({ commandLine }: ProcessFacts): readonly string[] {
  const [first = ''] = commandLine;
  return commandLine.length === 1 && TITLE.test(first)
    ? first.trim().split(/\s+/).slice(1)
    : scriptWords(commandLine);
}

function flagsOf(
  process: ProcessFacts,
  dumped: readonly Pm2Process[],
): Pick<NodeProcess, 'flags' | 'knowsFlags' | 'pm2'> {
  const live = pm2ProcessOf(process);
  const sameApp = dumped.find(({ app }) => app === live?.app);
  const hasTitle = process.commandLine.length === 1 && TITLE.test(process.commandLine[0] ?? '');
  // A cluster's worker is told by PM2 what its flags are; one of fork mode only by the dump.
  const fromPm2 = live?.isCluster === true ? live.nodeArgs : sameApp?.nodeArgs;
  const fromLine = hasTitle ? fromPm2 : flagWords(process.commandLine);
  const fromOptions = wordsOfOptions(process.environment?.get('NODE_OPTIONS') ?? '');
  return {
    flags: parseNodeFlags([...fromOptions, ...(fromLine ?? [])]),
    knowsFlags: process.environment !== null && fromLine !== undefined,
    pm2: live,
  };
}

/** For people: PM2's name of the app, else its unit's; words of the command line may hold secrets and are left out. */
export function nameNode({ pm2, service }: NodeProcess): string {
  return pm2 === null ? service.name : `${pm2.app} (PM2)`;
}
