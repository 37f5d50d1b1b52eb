import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { agedName, OUTPUT_LOG } from '@maque/keeper';
import { FileFollower } from './file-follower.ts';
import { linesBackwards } from './lines-backwards.ts';
import { type LogLine, type LogLineParser, parseOutputLine, parseServerLine } from './log-line.ts';

export type LogFilter = (line: LogLine) => boolean;

interface LogFile {
  readonly path: string;
  readonly parse: LogLineParser;
}

// A worker of ours writes a file of its own, by its name.
const SERVER_LOG = /^w\d+\.log$/;

// More than any setting keeps of one log.
const MAX_AGE = 100;

/** The logs in a folder: the keeper's, and those of a server's workers. */
export function findLogs(folder: string): LogFile[] {
  const names = namesIn(folder);
  return names.flatMap((name) => {
    if (name === OUTPUT_LOG) return { path: join(folder, name), parse: parseOutputLine };
    return SERVER_LOG.test(name) ? { path: join(folder, name), parse: parseServerLine } : [];
  });
}

/** The last lines of all files together that pass the filter, oldest first. */
export function lastLines(files: readonly LogFile[], filter: LogFilter, limit: number): LogLine[] {
  const lines = files.flatMap((file) => lastOf(file, filter, limit));
  return inOrder(lines).slice(-limit);
}

function lastOf({ path, parse }: LogFile, filter: LogFilter, limit: number): LogLine[] {
  const found: LogLine[] = [];
  for (let age = 0; age < MAX_AGE; age += 1) {
    let isThere = false;
    for (const text of linesBackwards(agedName(path, age))) {
      isThere = true;
      const line = parse(text);
      if (line !== undefined && filter(line)) found.push(line);
      if (found.length === limit) return found.reverse();
    }
    if (!isThere) break;
  }
  return found.reverse();
}

/** Reads what is added to the logs of a folder, files that appear later included. */
export class LogFollower implements Disposable {
  readonly #folder: string;
  readonly #followers = new Map<string, { readonly follower: FileFollower; readonly parse: LogLineParser }>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#look('at its end');
  }

  /** The lines that were finished since the last time, in the order of their times. */
  read(): LogLine[] {
    const lines = [...this.#followers.values()].flatMap(({ follower, parse }) =>
      [...follower.read()].flatMap((text) => parse(text) ?? []),
    );
    this.#look('at its start');
    return inOrder(lines);
  }

  [Symbol.dispose](): void {
    for (const { follower } of this.#followers.values()) follower[Symbol.dispose]();
  }

  /** Takes files on that it does not know yet. */
  #look(begin: 'at its start' | 'at its end'): void {
    for (const { path, parse } of findLogs(this.#folder)) {
      if (this.#followers.has(path)) continue;
      this.#followers.set(path, { follower: new FileFollower(path, begin), parse });
    }
  }
}

/** Stable, so that lines of one file and one millisecond stay as they are. */
function inOrder(lines: readonly LogLine[]): LogLine[] {
  return lines.toSorted((one, other) => one.atMs - other.atMs);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
