import { join } from 'node:path';
import { describeEvent, EVENTS_FILE, type KeeperEvent, readEventFile } from '@maque/keeper';
import { inBothLanguages } from '@maque/kit';
import type { TimelineEvent } from '@maque/ops/oom';
import { findLogs } from '../logs/log-files.ts';

/** As many as the files hold. */
const MOST_EVENTS = 20_000;
/** They happen all the time, and say nothing of memory. */
const UNIMPORTANT: ReadonlySet<KeeperEvent['code']> = new Set([
  'CONNECTION_RESCUED',
  'ALERT_SENT',
  'ALERT_LOST',
]);

/** What a keeper wrote down in a data folder; nothing where there is none, or where it may not be read. */
export function keeperEventsIn(folder: string): readonly TimelineEvent[] {
  const source = join(folder, EVENTS_FILE);
  try {
    return readEventFile(source, MOST_EVENTS)
      .filter(({ code }) => !UNIMPORTANT.has(code))
      .map((event) => ({
        atMs: Date.parse(event.at),
        kind: event.code.startsWith('DEPLOY') ? 'deploy' : 'keeper',
        text: inBothLanguages((language) => describeEvent(event, language)),
        data: {},
        source,
      }));
  } catch {
    return [];
  }
}

/** Logs in which the workers of a Maque app wrote down the requests that they answered. */
export function serverLogsIn(folder: string): readonly string[] {
  try {
    return findLogs(join(folder, 'logs'))
      .map(({ path }) => path)
      .filter((path) => /\/w\d+\.log$/.test(path));
  } catch {
    return [];
  }
}
