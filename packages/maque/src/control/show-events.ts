import { join } from 'node:path';
import { describeEvent, EVENTS_FILE, type KeeperEvent, parseEvent, readEventFile } from '@maque/keeper';
import type { ExitCode, Invocation, Surroundings } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { countOption } from '../cli/count-option.ts';
import { FileFollower } from '../logs/file-follower.ts';
import { localTime } from '../logs/local-time.ts';
import { pollWhileRead } from '../logs/poll-while-read.ts';
import { deniedOr } from '../settings/data-dir.ts';
import { readSettings } from '../settings/read-settings.ts';

// A screen or two; what the files hold at most is some 5,000.
const LINES = 50;

/** `maque events`: what happened to workers, out of the files, so that a keeper that is down tells too. */
export async function showEvents(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [app],
    options,
    surroundings,
  } = invocation;
  const limit = countOption('lines', options.lines, LINES);
  const { dataDir } = readSettings(invocation, app);
  const path = join(dataDir, EVENTS_FILE);
  const show = (event: KeeperEvent) =>
    surroundings.terminal.out(lineOf(event, options.json === true, surroundings));
  using follower = new FileFollower(path);
  const events = eventsIn(path, limit, dataDir);
  if (events.length === 0 && options.follow !== true) throw commandErrors.NO_EVENTS({ data: { dataDir } });
  for (const event of events) show(event);
  if (options.follow !== true) return 0;
  const told = new Set(events.map(keyOf));
  return pollWhileRead(surroundings.terminal, () => {
    for (const line of follower.read()) {
      const event = parseEvent(line);
      // What was written between the opening of the file and the look at its end has been told.
      if (event !== undefined && !told.has(keyOf(event))) show(event);
    }
  });
}

function eventsIn(path: string, limit: number, dataDir: string): KeeperEvent[] {
  try {
    return readEventFile(path, limit);
  } catch (error) {
    throw deniedOr(error, dataDir);
  }
}

/** Numbers alone begin again where somebody has deleted the files. */
function keyOf({ seq, at }: KeeperEvent): string {
  return `${seq} ${at}`;
}

function lineOf(event: KeeperEvent, asJson: boolean, { terminal, language }: Surroundings): string {
  if (asJson) return JSON.stringify(event);
  return `${terminal.style('dim', localTime(Date.parse(event.at)))} ${describeEvent(event, language)}`;
}
