import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { OutputLog } from './output-log.ts';

const line = (text: string, droppedBytes = 0) =>
  ({ worker: 'w1', stream: 'stdout', text, droppedBytes }) as const;

const without = (text: string) => text.replaceAll(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z /gm, '');

it('writes who said what and when, for its owner only', async () => {
  await using temp = await tempFolder();
  const log = new OutputLog({ folder: join(temp.path, 'logs'), language: 'en' });
  log.write(line('listening'));
  log.write({ ...line('\x1b[31m坏了\x1b[0m'), worker: 'w2', stream: 'stderr' });
  log.write(line('after a flood', 3 * 2 ** 20));
  log.write(line('', 1_024));
  log.note('Worker w1 is ready');
  await log.close();
  expect(without(readFileSync(log.path, 'utf8'))).toBe(
    [
      'w1 out listening',
      'w2 err 坏了',
      'w1 out … 3 MiB were dropped here: it printed too much at once',
      'w1 out after a flood',
      'w1 out … 1 KiB were dropped here: it printed too much at once',
      'keeper evt Worker w1 is ready',
      '',
    ].join('\n'),
  );
  expect(statSync(log.path).mode & 0o777).toBe(0o600);
});

it('is bounded in all', async () => {
  await using temp = await tempFolder();
  const log = new OutputLog({ folder: temp.path, language: 'en', maxFileBytes: 100_000, maxFiles: 2 });
  for (let round = 0; round < 40; round += 1) {
    for (let number = 0; number < 100; number += 1) log.write(line('x'.repeat(100)));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await log.close();
  expect(readdirSync(temp.path).sort()).toEqual(['output.1.log', 'output.log']);
  const sizes = readdirSync(temp.path).map((name) => statSync(join(temp.path, name)).size);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000);
});

it('loses lines while the disk is full, says so once, and how many when it takes some again', async () => {
  await using temp = await tempFolder();
  const folder = join(temp.path, 'logs');
  mkdirSync(folder);
  symlinkSync('/dev/full', join(folder, 'output.log'));
  const faults: string[] = [];
  const onFault = (error: NodeJS.ErrnoException) => void faults.push(error.code ?? error.message);
  const log = new OutputLog({ folder, language: 'zh-CN', onFault });
  log.write(line('lost'));
  await waitUntil('the fault', () => faults.length === 1);
  log.write(line('kept'));
  log.write(line('and this'));
  rmSync(join(folder, 'output.log'));
  const text = () => (existsSync(log.path) ? without(readFileSync(log.path, 'utf8')) : '');
  await waitUntil('the lines after it', () => text() === 'w1 out kept\nw1 out and this\n');
  log.write(line('all is well'));
  await log.close();
  expect(text()).toMatch(/and this\nkeeper evt … 丢失 1 行：磁盘未能写入\nw1 out all is well\n$/);
  expect(faults).toEqual(['ENOSPC']);
});

it('harms nobody where there can be no such folder', async () => {
  await using temp = await tempFolder();
  writeFileSync(join(temp.path, 'logs'), 'no folder');
  const faults: Error[] = [];
  const log = new OutputLog({
    folder: join(temp.path, 'logs'),
    language: 'en',
    onFault: (fault) => void faults.push(fault),
  });
  log.write(line('nowhere'));
  await waitUntil('the fault', () => faults.length === 1);
  await log.close();
});
