import { parseArgs } from 'node:util';
import { type Bytes, KiB, MiB, parseBytes } from '@maque/kit';
import { endOnSignals, messageOf, say } from './command.ts';
import { isBusy, readMachineFacts } from './measure/machine.ts';
import { Workshop } from './runs/workshop.ts';

/** How one option is read: `--rounds 3`. */
export interface BenchOption<Value> {
  readonly unlessTold: string | undefined;
  /** @throws Error saying what it must be. */
  readonly read: (text: string) => Value;
}

export type BenchValues<Options> = {
  readonly [Name in keyof Options]: Options[Name] extends BenchOption<infer Value> ? Value : never;
};

/** A benchmark that is a command of its own. */
export interface Benchmark<Options extends Readonly<Record<string, BenchOption<unknown>>>> {
  readonly help: string;
  readonly options: Options;
  /** Whether its figures mean nothing on a machine that does something else. */
  readonly needsQuiet: boolean;
  /** @returns the exit code: 0 when its goals are met, 1 when not. */
  run(workshop: Workshop, values: BenchValues<Options>): Promise<number>;
}

/** Reads the command line, runs the benchmark and ends what it started. @returns the exit code */
export async function runBenchmark<Options extends Readonly<Record<string, BenchOption<unknown>>>>(
  benchmark: Benchmark<Options>,
): Promise<number> {
  let values: BenchValues<Options> | undefined;
  try {
    values = readValues(benchmark.options);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${benchmark.help}`);
    return 1;
  }
  if (values === undefined) {
    process.stdout.write(benchmark.help);
    return 0;
  }
  if (benchmark.needsQuiet && isBusy(readMachineFacts())) {
    say('The machine is busy: figures will not mean much.');
  }
  const workshop = new Workshop();
  endOnSignals(workshop);
  try {
    return await benchmark.run(workshop, values);
  } finally {
    await workshop.close();
  }
}

/** @returns undefined when help is asked for. @throws Error naming the option that is wrong. */
function readValues<Options extends Readonly<Record<string, BenchOption<unknown>>>>(
  options: Options,
): BenchValues<Options> | undefined {
  const texts = Object.fromEntries(Object.keys(options).map((name) => [name, { type: 'string' as const }]));
  const parsed = parseArgs({ options: { ...texts, help: { type: 'boolean', short: 'h' } } });
  const values: Readonly<Record<string, unknown>> = parsed.values;
  if (values.help === true) return undefined;
  const read = Object.entries(options).map(([name, option]) => {
    const text = values[name] ?? option.unlessTold;
    return [name, typeof text === 'string' ? readValue(name, option, text) : undefined];
  });
  return Object.fromEntries(read) as BenchValues<Options>;
}

function readValue(name: string, option: BenchOption<unknown>, text: string): unknown {
  try {
    return option.read(text);
  } catch (error) {
    throw new Error(`--${name}: ${messageOf(error)}`);
  }
}

export function wholeNumber(unlessTold: number): BenchOption<number> {
  return {
    unlessTold: String(unlessTold),
    read(text) {
      const number = Number(text);
      if (!Number.isSafeInteger(number) || number < 1)
        throw new Error(`${text} is no whole number from 1 on`);
      return number;
    },
  };
}

export function positiveNumber(unlessTold: number): BenchOption<number> {
  return {
    unlessTold: String(unlessTold),
    read(text) {
      const number = Number(text);
      if (!(number > 0 && number < Number.POSITIVE_INFINITY)) throw new Error(`${text} is no number above 0`);
      return number;
    },
  };
}

/** From 1 KiB to 2 GiB. */
export function size(unlessTold: string): BenchOption<Bytes> {
  return {
    unlessTold,
    read(text) {
      const bytes = parseBytes(text);
      if (bytes === undefined || bytes < KiB || bytes > 2_048 * MiB)
        throw new Error(`${text} is not from 1K to 2G`);
      return bytes;
    },
  };
}

/** A file to write; none unless told. */
export const outputFile: BenchOption<string | undefined> = { unlessTold: undefined, read: (text) => text };
