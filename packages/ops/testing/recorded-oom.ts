import { readdirSync, readFileSync } from 'node:fs';
import { OomReader, type OomReport } from '../src/oom/oom-reader.ts';

/** Logs in the words of many kernels, distributions and tools; names, sizes and times are made up. */
const FOLDER = new URL('./oom-logs/', import.meta.url);

/** When the logs are read: some tell no year. */
export const READ_AT_MS = Date.parse('2026-11-20T12:00:00Z');

/** The names of the logs, sorted. */
export function logNames(): readonly string[] {
  return readdirSync(FOLDER)
    .map((name) => name.replace('.txt', ''))
    .sort();
}

export function textOfLog(name: string): string {
  return readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8');
}

/** What the reader makes of a text, line by line. */
export function reportOf(text: string): OomReport {
  const reader = new OomReader({ nowMs: READ_AT_MS });
  for (const line of text.split('\n')) reader.read(line);
  return reader.report();
}
