import { readdirSync, readFileSync } from 'node:fs';

/** The living processes that were started with an environment variable of this value, by whomever. */
export function markedProcesses(name: string, value: string): readonly number[] {
  const entry = `${name}=${value}`;
  return readdirSync('/proc')
    .filter((folder) => /^\d+$/.test(folder))
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(entry));
}

/** Empty when the process has ended, or is only waiting to be buried. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
