import { join } from 'node:path';
import type { ExitCode, Invocation, Surroundings } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { countOption } from '../cli/count-option.ts';
import { localTime } from '../logs/local-time.ts';
import { findLogs, type LogFilter, LogFollower, lastLines } from '../logs/log-files.ts';
import type { LogLine } from '../logs/log-line.ts';
import { outputElsewhere } from '../logs/output-elsewhere.ts';
import { pollWhileRead } from '../logs/poll-while-read.ts';
import { deniedOr } from '../settings/data-dir.ts';
import { readSettings } from '../settings/read-settings.ts';

// A screen or two.
const LINES = 50;

/** `maque logs`: what workers print and log, and what the keeper says, out of the files, in one order. */
export async function showLogs(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [worker],
    options,
    surroundings,
  } = invocation;
  const { terminal, language } = surroundings;
  const limit = countOption('lines', options.lines, LINES);
  const { dataDir } = readSettings(invocation, typeof options.app === 'string' ? options.app : undefined);
  const folder = join(dataDir, 'logs');
  const filter = filterOf(worker, options.requests === true);
  const show = (line: LogLine) => terminal.out(textOf(line, options.json === true, surroundings));

  const elsewhere = await outputElsewhere(dataDir, language);
  if (elsewhere !== undefined) terminal.error(elsewhere);
  try {
    using follower = new LogFollower(folder);
    const files = findLogs(folder);
    if (files.length === 0 && options.follow !== true) {
      // It has been said where they are.
      if (elsewhere !== undefined) return 1;
      throw commandErrors.NO_LOGS({ data: { folder } });
    }
    for (const line of lastLines(files, filter, limit)) show(line);
    if (options.follow !== true) return 0;
    return await pollWhileRead(terminal, () => {
      for (const line of follower.read()) if (filter(line)) show(line);
    });
  } catch (error) {
    throw deniedOr(error, folder);
  }
}

function filterOf(worker: string | undefined, withRequests: boolean): LogFilter {
  return ({ who, kind }) => (worker === undefined || who === worker) && (withRequests || kind !== 'request');
}

function textOf(line: LogLine, asJson: boolean, { terminal }: Surroundings): string {
  const { atMs, who, kind, text } = line;
  if (asJson) return JSON.stringify({ at: new Date(atMs).toISOString(), who, kind, text });
  const head = terminal.style('dim', localTime(atMs));
  const name = terminal.style('cyan', who.padEnd('keeper'.length));
  return `${head} ${name} ${kind === 'err' ? terminal.style('red', text) : text}`;
}
