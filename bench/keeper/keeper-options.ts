import { parseArgs } from 'node:util';
import { type Bytes, MiB } from '@maque/kit';
import { CONTENDER_NAMES, type ContenderName } from './contenders/contender.ts';

export interface KeeperBenchOptions {
  readonly scenarios: readonly string[];
  /** Maque first, then the others. */
  readonly contenders: readonly ContenderName[];
  readonly seconds: number | undefined;
  readonly memory: Bytes | undefined;
  /** Of a scenario with cases those with this in their names. */
  readonly only: string | undefined;
  readonly jsonFile: string | undefined;
  readonly markdownFile: string | undefined;
}

/** @returns undefined when help is asked for. @throws Error naming the option that is wrong. */
export function readKeeperOptions(
  args: readonly string[],
  scenarioNames: readonly string[],
): KeeperBenchOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      against: { type: 'string' },
      seconds: { type: 'string' },
      memory: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return undefined;
  const against = values.against?.split(',') ?? ['maque'];
  const memory = readCount('memory', values.memory);
  return {
    scenarios: known('scenarios', scenarioNames, positionals.length === 0 ? scenarioNames : positionals),
    contenders: known('--against', CONTENDER_NAMES, against),
    seconds: readCount('seconds', values.seconds),
    memory: memory === undefined ? undefined : memory * MiB,
    only: values.only,
    jsonFile: values.json,
    markdownFile: values.markdown,
  };
}

/** Those asked for, in the order of the list. */
function known<Name extends string>(
  what: string,
  names: readonly Name[],
  asked: readonly string[],
): readonly Name[] {
  const wanted = asked.map((name) => name.trim());
  const stranger = wanted.find((name) => !names.some((one) => one === name));
  if (stranger !== undefined)
    throw new Error(`${what}: ${names.join(', ')}; not ${JSON.stringify(stranger)}`);
  return names.filter((name) => wanted.includes(name));
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new Error(`--${name} is a whole number from 1 to 99999; not ${JSON.stringify(text)}`);
  return Number(text);
}
