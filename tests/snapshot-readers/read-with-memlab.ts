import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import type { SnapshotReading } from './snapshot-reading.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Installs memlab beside this file if it is not there: 22 MB, for these tests alone. */
export async function installMemlab(): Promise<void> {
  if (!existsSync(join(FOLDER, 'node_modules', '@memlab'))) {
    await mustRun('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], 2 * MINUTE);
  }
}

/** Loads a snapshot with memlab's own reader, in a process of its own. */
export async function readWithMemlab(path: string): Promise<SnapshotReading> {
  await using folder = await tempFolder();
  const out = join(folder.path, 'reading.json');
  await mustRun(process.execPath, ['read-with-memlab.mjs', path, out], 30 * SECOND);
  return JSON.parse(await readFile(out, 'utf8'));
}

async function mustRun(command: string, args: readonly string[], deadlineMs: Milliseconds): Promise<void> {
  await using child = await spawnProcess(command, args, { cwd: FOLDER });
  const { code } = await child.exit(deadlineMs);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${child.stderr()}`);
}
