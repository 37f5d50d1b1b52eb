/**
 * What importing the WeChat client costs a process, beside what others use: `node bench/wechat-import.ts --help`. Needs
 * Linux, the packages built (`npm run build`) and `npm ci --prefix bench`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MiB } from '@maque/kit';
import { messageOf, say, write } from './command.ts';
import { readMachineFacts } from './measure/machine.ts';
import { atMost, type Goal } from './report/goal.ts';
import { markdownTable, textTable } from './report/text-table.ts';
import { benchFolder, NPM_INSTALL_COMMAND, repositoryFolder } from './stacks/paths.ts';
import { type Contender, type ImportCost, measureImports } from './wechat-import/measure-imports.ts';
import { packageClient } from './wechat-import/package-client.ts';

const HELP = `node bench/wechat-import.ts [options]

Imports @maque/wechat, its pay and push entries, and what others use for the same, each in fresh processes by turns, and
tells how much heavier the process is for it. Half a minute.

  --rounds N       processes of each; 11 unless told
  --markdown FILE  also writes the result as a page, e.g. docs/reference/wechat-import.md
  --help           this

Ends with 0 when the goal is met, 1 when it is missed or an option is wrong, 2 when something is not built or installed.
`;

/** The RSS of one process and the next differ by some hundred KB; their median over 11 by some ten. */
const DEFAULT_ROUNDS = '11';
const GOAL_MIB = 3;

const OURS = '@maque/wechat';
const OTHERS = ['co-wechat-api', 'wechatpay-axios-plugin', 'wechatpay-node-v3'];

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: DEFAULT_ROUNDS },
      markdown: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!/^[1-9]\d{0,2}$/.test(values.rounds)) throw new Error('--rounds is a whole number from 1 to 999');
  const missing = whatIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return 2;
  }

  const rounds = Number(values.rounds);
  const costs = await measure(rounds);
  const goal = goalOf(costs);
  if (values.markdown !== undefined) write(values.markdown, markdownPage(costs, rounds, goal));
  process.stdout.write(`${textTable(rowsOf(costs))}\n`);
  process.stdout.write(`${goal.met ? '✓' : '✗'} ${goal.what}: ${goal.measured}, wanted ${goal.wanted}\n`);
  return goal.met ? 0 : 1;
}

async function measure(rounds: number): Promise<readonly ImportCost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wechat-import-'));
  try {
    const contenders: readonly Contender[] = [
      ...packageClient(folder),
      { name: `${OURS} as modules`, specifier: OURS },
      ...OTHERS.map((name) => ({ name, specifier: name })),
    ];
    return measureImports(contenders, rounds, (round) => say(`round ${round} of ${rounds}`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function whatIsMissing(): string | undefined {
  if (!existsSync(join(repositoryFolder, 'packages/wechat/dist/index.js'))) return 'not built: npm run build';
  const absent = OTHERS.filter((name) => !existsSync(join(benchFolder, 'node_modules', name)));
  return absent.length === 0 ? undefined : `not installed: ${absent.join(', ')}; run: ${NPM_INSTALL_COMMAND}`;
}

function goalOf(costs: readonly ImportCost[]): Goal {
  const rss = costs.find(({ name }) => name === OURS)?.rss ?? Number.NaN;
  return atMost(`RSS of importing ${OURS}`, rss / MiB, GOAL_MIB, (mib) => `${mib.toFixed(1)} MiB`);
}

function rowsOf(costs: readonly ImportCost[]): string[][] {
  const rows = costs.map(({ name, rss, rssInServer, ms }) => [
    name,
    (rss / MiB).toFixed(1),
    (rssInServer / MiB).toFixed(1),
    ms.toFixed(0),
  ]);
  return [['imported', 'RSS MiB', 'in a server', 'ms'], ...rows];
}

function markdownPage(costs: readonly ImportCost[], rounds: number, goal: Goal): string {
  const { cpu, cores, node, kernel, commit } = readMachineFacts();
  return `# What importing the WeChat client costs

Written by \`node bench/wechat-import.ts --markdown docs/reference/wechat-import.md\`: how much heavier a fresh process is
after a collection; medians of ${rounds}, by turns. The second figure is for a process that has loaded what any server does:
\`node:http\`, \`node:https\` and \`node:crypto\`. Ours are packed as they are published, the last line of ours excepted; theirs
are as npm installs them.

${markdownTable(rowsOf(costs))}

${goal.what}: ${goal.measured}, wanted ${goal.wanted}: ${goal.met ? 'met' : '**missed**'}.

${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}, commit ${commit ?? 'unknown'}.
`;
}
