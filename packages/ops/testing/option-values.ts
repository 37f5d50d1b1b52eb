import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type OptionLine, readOptionFiles } from '../src/doctor/facts/option-files.ts';
import { recordedHost } from './recorded-host.ts';

const run = promisify(execFile);
const MOST_OUTPUT = 16 * 1024 * 1024;

/** What stands in an option file, as the doctor reads it. */
export async function optionsIn(content: string): Promise<readonly OptionLine[]> {
  const host = recordedHost({ files: { '/my.cnf': content } });
  return (await readOptionFiles(host, ['/my.cnf'])).lines.filter(({ group }) => group !== '');
}

/**
 * What MariaDB makes of an option file: names with `_`, values as it prints them. It takes values that it does not like
 * and changes them without a word.
 * @throws Error where it does not know an option
 */
export async function valuesByMariadb(path: string): Promise<ReadonlyMap<string, string>> {
  const args = [`--defaults-file=${path}`, '--help', '--verbose'];
  const { stdout } = await run('mariadbd', args, { maxBuffer: MOST_OUTPUT });
  const table = stdout.slice(stdout.indexOf('\n----'));
  const rows = [...table.matchAll(/^([a-z][\w-]*) +(.*?)\s*$/gm)];
  return new Map(rows.map(([, name = '', value = '']) => [name.replaceAll('-', '_'), value]));
}

/** `16M` and `16777216`, `ON` and `TRUE`, `1` and `1.000000` are the same. */
export function plainValue(value: string): string {
  const [, amount, unit = ''] = /^(\d+(?:\.0+)?)([KMG]?)$/.exec(value) ?? [];
  if (amount !== undefined) return String(Number(amount) * 1024 ** ' KMG'.indexOf(unit === '' ? ' ' : unit));
  if (/^(ON|TRUE)$/i.test(value)) return 'ON';
  return /^(OFF|FALSE)$/i.test(value) ? 'OFF' : value;
}
