import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveSettings, systemClock } from '@maque/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prepareDataFolder } from './config/data-folder.ts';
import { serverSettings } from './config/settings-table.ts';
import { openDatabase } from './open-stores.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maque-stores-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** Locks that this process has on a file: https://www.man7.org/linux/man-pages/man5/proc_locks.5.html */
function locksOn(path: string): number {
  const { ino } = statSync(path);
  const own = new RegExp(` ${process.pid} \\S+:${ino} `);
  return readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => own.test(line)).length;
}

it.runIf(process.platform === 'linux')(
  'opening a database again gives up no lock of those who have it open',
  async () => {
    const entries = { MAQUE_DATA_DIR: dataDir };
    const settings = resolveSettings(serverSettings, [{ kind: 'env', label: 'test', entries }]).values;
    const folder = prepareDataFolder(dataDir);
    const open = () => openDatabase({ settings, folder, clock: systemClock, attention: () => {} });
    const first = await open();
    expect(locksOn(folder.database)).toBe(1);
    const second = await open();
    expect(locksOn(folder.database)).toBe(1);
    await first.close();
    await second.close();
  },
);
