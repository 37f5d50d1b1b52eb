import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const GUIDE = join(import.meta.dirname, '..', 'docs', 'guide');

/** The unit in the guide, with the Node of this machine. */
async function unitOf(language: string): Promise<string> {
  const page = await readFile(join(GUIDE, language, 'operations.md'), 'utf8');
  const [, unit] = /```ini\n(\[Unit\][\s\S]*?)```/.exec(page) ?? [];
  if (unit === undefined) throw new Error(`operations.md in ${language} has no systemd unit`);
  return unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`);
}

it.each(['en', 'zh-CN'])('the unit of the guide (%s) is one that systemd understands', async (language) => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'shop.service');
  await writeFile(file, await unitOf(language));
  // It ends with 0 for a key that it does not know, too, and says so.
  const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', file]);
  expect(stdout + stderr).toBe('');
});
