/**
 * How long the shop takes to type-check, from nothing, with a page of the mini-program that uses its types:
 * `node bench/type-check.ts --help`. Needs the packages built (`npm run build`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SECOND } from '@maque/kit';
import { messageOf } from './command.ts';
import { atMost } from './report/goal.ts';
import { textTable } from './report/text-table.ts';
import { repositoryFolder } from './stacks/paths.ts';

const HELP = `node bench/type-check.ts [options]

Runs tsc over the shop and over a page that uses the shop's types, without anything kept of the run before.

  --rounds N  runs, of which the median counts; 5 unless told
  --help      this

Ends with 0 when the goal is met, 1 when it is missed or an option is wrong, 2 when something is not built.
`;

const DEFAULT_ROUNDS = '5';
const GOAL_S = 3;
const shopFolder = join(repositoryFolder, 'examples/shop');

/** What a page of the mini-program asks the checker: records, what comes along, orders, steps of a batch. */
const PAGE = `import { createClient, filter } from '@maque/miniprogram';
import type { App } from '../maque.config.ts';

const api = createClient<App>({ baseUrl: 'https://shop.example.com' });
export async function show(typed: string) {
  const { items } = await api.collection('products').list({
    ...{ search: typed, filter: filter\`stock > \${0} and category.nameEn = \${'Tea'}\`, sort: ['-price_fen'] },
    ...{ fields: ['id', 'name', 'price_fen'], expand: ['category'] },
  });
  const first = items[0]?.expanded?.category?.name;
  const { items: reviews } = await api.collection('reviews').list({ expand: ['productId.category'] });
  const shelf = reviews[0]?.expanded?.productId?.expanded?.category?.nameEn;
  const steps = api.collection('reviews').batch;
  const [review] = await api.batch([steps.create({ productId: 'p0001', stars: 5 }), steps.remove('r1')]);
  return { first, shelf, stars: review.stars };
}
`;

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

function main(): number {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: DEFAULT_ROUNDS },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!/^[1-9]\d?$/.test(values.rounds)) throw new Error('--rounds is a whole number from 1 to 99');
  if (
    !['maque', 'miniprogram'].every((name) =>
      existsSync(join(repositoryFolder, 'packages', name, 'dist/index.d.ts')),
    )
  ) {
    process.stderr.write('not built: npm run build\n');
    return 2;
  }
  const times = measure(Number(values.rounds)).toSorted((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? Number.NaN;
  const show = (seconds: number) => `${seconds.toFixed(2)} s`;
  process.stdout.write(
    `${textTable([['quickest', 'median', 'slowest'], [times[0], median, times.at(-1)].map((one) => show(one ?? 0))])}\n`,
  );
  const goal = atMost('type-checking the shop', median, GOAL_S, show);
  process.stdout.write(`${goal.met ? '✓' : '✗'} ${goal.what}: ${goal.measured}, wanted ${goal.wanted}\n`);
  return goal.met ? 0 : 1;
}

/** Seconds of each run. @throws Error with what tsc says, where the shop does not compile. */
function measure(rounds: number): readonly number[] {
  // Beside the shop, so that the packages are found as it finds them.
  const folder = mkdtempSync(join(shopFolder, '.type-check-'));
  try {
    writeFileSync(join(folder, 'page.ts'), PAGE);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration()));
    return Array.from({ length: rounds }, () => checkOnce(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkOnce(folder: string): number {
  const compiler = join(repositoryFolder, 'node_modules/typescript/bin/tsc');
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tsc ended with ${status}\n${stdout}${stderr}`);
  return (performance.now() - startedAt) / SECOND;
}

function configuration(): object {
  return {
    extends: '../../../tsconfig.base.json',
    compilerOptions: {
      ...{ composite: false, incremental: false, declaration: false, sourceMap: false, noEmit: true },
      allowImportingTsExtensions: true,
    },
    include: ['../maque.config.ts', '../src', 'page.ts'],
  };
}
