import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { findAppConfig } from './find-app-config.ts';

/** Writes files whose ages in seconds are given by name. */
async function appWith(folder: string, ages: Record<string, number>): Promise<void> {
  for (const [name, age] of Object.entries(ages)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    await utimes(path, Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
}

it.each([
  [
    'compiled code that is newer than every source',
    { 'maque.config.ts': 9, 'dist/maque.config.js': 5 },
    'dist/maque.config.js',
  ],
  [
    'the source when the compiled code is older',
    { 'maque.config.ts': 5, 'dist/maque.config.js': 9 },
    'maque.config.ts',
  ],
  [
    'the source when a file that it imports is newer',
    { 'maque.config.ts': 9, 'src/orders.ts': 1, 'dist/maque.config.js': 5 },
    'maque.config.ts',
  ],
  [
    'compiled code of which only what had changed was built again',
    { 'maque.config.ts': 9, 'src/orders.ts': 5, 'dist/maque.config.js': 8, 'dist/src/orders.js': 3 },
    'dist/maque.config.js',
  ],
  [
    'compiled code that was found to be as the sources are',
    { 'maque.config.ts': 5, 'dist/maque.config.js': 9, 'dist/.tsbuildinfo': 3 },
    'dist/maque.config.js',
  ],
  ['JavaScript before TypeScript', { 'maque.config.js': 9, 'maque.config.ts': 5 }, 'maque.config.js'],
  ['compiled code that came without sources', { 'dist/maque.config.js': 5 }, 'dist/maque.config.js'],
])('takes %s', async (_, ages, expected) => {
  await using folder = await tempFolder();
  await appWith(folder.path, ages);
  expect(findAppConfig(folder.path, 'compiled')).toBe(join(folder.path, expected));
});

it('prefers what is being written while developing', async () => {
  await using folder = await tempFolder();
  await appWith(folder.path, { 'maque.config.ts': 9, 'dist/maque.config.js': 5 });
  expect(findAppConfig(folder.path, 'written')).toBe(join(folder.path, 'maque.config.ts'));
});

it('says which folder has no app', async () => {
  await using folder = await tempFolder();
  expect(() => findAppConfig(folder.path, 'compiled')).toThrow(folder.path);
});
