import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, type Milliseconds } from '@maque/kit';
import { describe, expect, it, vi } from 'vitest';
import {
  backups,
  clock,
  database,
  dataDir,
  files,
  folder,
  settingsOf,
} from '../../../testing/backed-up-server.ts';
import { startServer } from '../../../testing/start-server.ts';
import type { Attention } from '../../logging/attention.ts';
import { silentLogger } from '../../logging/logger.ts';
import { openBackups } from '../../open-backups.ts';
import { scheduleBackups } from './schedule-backups.ts';

describe('backups by schedule', () => {
  type Turn = (signal: AbortSignal) => Promise<void>;
  const attentions: Parameters<Attention>[0][] = [];

  function schedule(entries: Record<string, string>): {
    turn: Turn | undefined;
    every: Milliseconds | undefined;
  } {
    let planned: { turn: Turn; every: Milliseconds } | undefined;
    scheduleBackups({
      ...{ settings: settingsOf(entries), database, files, folder, clock, log: silentLogger },
      attention: (error) => attentions.push(error),
      jobs: {
        ...({} as Parameters<typeof scheduleBackups>[0]['jobs']),
        every: (_name, every, turn) => {
          planned = { turn, every };
        },
      },
    });
    return { turn: planned?.turn, every: planned?.every };
  }
  const never = new AbortController().signal;

  it('are made daily in prod and not in dev, unless told', () => {
    expect(schedule({ MAQUE_ENV: 'prod' }).every).toBe(DAY);
    expect(schedule({}).turn).toBeUndefined();
    expect(schedule({ MAQUE_ENV: 'prod', MAQUE_BACKUP_EVERY: '0' }).turn).toBeUndefined();
    expect(schedule({ MAQUE_BACKUP_EVERY: '6h' }).every).toBe(DAY / 4);
    expect(() => schedule({ MAQUE_ENV: 'prod', MAQUE_BACKUP_TO: 'store' })).toThrow(/MAQUE_FILE_STORE/);
  });

  it('push out the oldest of their kind, and none that somebody asked for', async () => {
    const asked = await backups().make({ to: 'disk', hasSecrets: true });
    const { turn } = schedule({ MAQUE_BACKUP_EVERY: '1h', MAQUE_BACKUP_KEEP: '2' });
    for (let hour = 0; hour < 4; hour += 1) {
      clock.advance(DAY);
      await turn?.(never);
    }
    const { backups: listed } = await backups().list('disk');
    expect(listed.map(({ kind }) => kind)).toEqual(['scheduled', 'scheduled', 'asked']);
    expect(listed.at(-1)?.name).toBe(asked.manifest.name);
    expect((await readdir(folder.backups)).length).toBe(3);
  });

  it('clear away what a process left that died over one, and not what is being made', async () => {
    const longAgo = clock.now() - 2 * DAY;
    const copy = 'before-change-2026-11-18T030000.000Z-c0ffee.db.partial';
    const underWay = '2026-11-20T020000.000Z.partial';
    for (const [name, atMs] of [
      ['2026-11-18T030000.000Z.partial', longAgo],
      [copy, longAgo],
      // A backup may go to a folder that has other things in it.
      ['holiday.mp4.partial', longAgo],
      [underWay, clock.now()],
    ] as const) {
      await mkdir(join(folder.backups, name), { recursive: true });
      await utimes(join(folder.backups, name), atMs / 1_000, atMs / 1_000);
    }
    await schedule({ MAQUE_BACKUP_EVERY: '1h' }).turn?.(never);
    const names = (await readdir(folder.backups)).filter((name) => name.endsWith('.partial'));
    expect(names.sort()).toEqual([underWay, 'holiday.mp4.partial']);
    clock.advance(DAY);
  });

  it('tell an operator when one could not be made', async () => {
    attentions.length = 0;
    await writeFile(folder.backups, 'a file is in the way');
    await schedule({ MAQUE_BACKUP_EVERY: '1h' }).turn?.(never);
    expect(attentions.map(({ code }) => code)).toEqual(['BACKUP_FAILED']);
  });
});

it('a server that runs makes its first backup by itself, and one at a time', async () => {
  const own = join(dataDir, 'served');
  await using _server = await startServer({ dataDir: own, env: { MAQUE_BACKUP_EVERY: '1h' } });
  const backupsOfServer = openBackups(settingsOf({ MAQUE_DATA_DIR: own }), clock);
  const made = async () => (await backupsOfServer.list('disk')).backups;
  await vi.waitUntil(async () => (await made()).length > 0, { timeout: 10_000 });
  const [{ name, kind, hasSecrets } = { name: '' }] = await made();
  expect({ kind, hasSecrets }).toEqual({ kind: 'scheduled', hasSecrets: true });
  const { content } = await backupsOfServer.check(name, 'disk');
  expect(content.tables.map((table) => table.name)).toContain('notes');
});
