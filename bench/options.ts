import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PARTS, type Part } from './report/bench-result.ts';
import { benchFolder } from './stacks/paths.ts';

export interface BenchOptions {
  readonly parts: readonly Part[];
  readonly rounds: number;
  readonly seconds: number;
  /** Whether `seconds` was asked for, so that runs with a length of their own take it, too. */
  readonly secondsGiven: boolean;
  readonly jsonFile: string;
  readonly markdownFile: string | undefined;
}

/** Medians of three rounds survive one disturbed round. */
const DEFAULT_ROUNDS = 3;
/** 10 s at 10,000 req/s and more: percentiles and 10 ms CPU ticks are far finer than what moves between rounds. */
const DEFAULT_SECONDS = 10;

export const HELP = `npm run bench -- [options]

Measures Maque beside a lean reference (Fastify + node:sqlite) and the tutorial recipe (Express, MariaDB, Redis, PM2).
Leave the machine alone meanwhile; everything runs on loopback and in a temporary folder. About 9 minutes.

  --only PART[,PART]  ${PARTS.join(', ')}; all of them unless told
  --rounds N          alternating rounds of the shop, and cold starts; ${DEFAULT_ROUNDS} unless told
  --seconds N         length of each measured window; ${DEFAULT_SECONDS} unless told
  --json FILE         where the whole result goes; bench/results/<time>.json unless told
  --markdown FILE     also writes the result as a page, e.g. docs/reference/benchmarks.md
  --help              this

Ends with 0 when every goal is met, 1 when one is missed or an option is wrong, 2 when something is not installed.
`;

/** @returns undefined when help is asked for. @throws Error naming the option that is wrong. */
export function readOptions(args: readonly string[], now: Date): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return undefined;
  const time = now.toISOString().replaceAll(/[:.]/g, '-');
  return {
    parts: values.only === undefined ? PARTS : values.only.split(',').map(readPart),
    rounds: readCount('rounds', values.rounds) ?? DEFAULT_ROUNDS,
    seconds: readCount('seconds', values.seconds) ?? DEFAULT_SECONDS,
    secondsGiven: values.seconds !== undefined,
    jsonFile: values.json ?? join(benchFolder, 'results', `${time}.json`),
    markdownFile: values.markdown,
  };
}

function readPart(text: string): Part {
  const part = PARTS.find((name) => name === text.trim());
  if (part === undefined) throw new Error(`--only knows ${PARTS.join(', ')}; not ${JSON.stringify(text)}`);
  return part;
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error(`--${name} is a whole number from 1 to 9999; not ${JSON.stringify(text)}`);
  return Number(text);
}
