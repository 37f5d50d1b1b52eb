import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CodedError } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { prepareDataFolder } from './data-folder.ts';
import { loadSecrets } from './secrets.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'nothing was thrown';
  } catch (error) {
    return (error as CodedError).code;
  }
};

it('makes secrets once, for the owner only, and reads the same ones ever after', async () => {
  await using temp = await tempFolder();
  const folder = prepareDataFolder(temp.path);
  const first = loadSecrets(folder);
  expect(statSync(folder.secrets).mode & 0o777).toBe(0o600);
  expect(loadSecrets(folder)).toEqual(first);
  expect(new Set(Object.values(first).map((key) => key.toString('hex'))).size).toBe(3);
  expect(Object.values(first).every((key) => key.length === 32)).toBe(true);
});

it('gives processes that start at once the same secrets', async () => {
  await using temp = await tempFolder();
  const script = `
    import { dataFolderAt } from ${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))};
    import { loadSecrets } from ${JSON.stringify(join(import.meta.dirname, 'secrets.ts'))};
    console.log(loadSecrets(dataFolderAt(process.argv[1])).tokenKey.toString('hex'));`;
  const args = ['--input-type=module', '--eval', script, '--', temp.path];
  const runs = await Promise.all(
    Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, args)),
  );
  expect(new Set(runs.map((run) => run.stdout)).size).toBe(1);
  expect(readdirSync(temp.path)).toEqual(['secrets.json']);
});

it('does not use secrets that others can read', async () => {
  await using temp = await tempFolder();
  const folder = prepareDataFolder(temp.path);
  loadSecrets(folder);
  chmodSync(folder.secrets, 0o640);
  expect(codeOf(() => loadSecrets(folder))).toBe('SECRETS_EXPOSED');
});

it.each([
  ['empty', ''],
  ['cut', '{"version":1,"tokenKey":"abc'],
  ['short keys', '{"version":1,"tokenKey":"YWJj"}'],
  ['not an object', '[1,2]'],
])('does not make new secrets over a damaged file: %s', async (_case, text) => {
  await using temp = await tempFolder();
  const folder = prepareDataFolder(temp.path);
  writeFileSync(folder.secrets, text, { mode: 0o600 });
  expect(codeOf(() => loadSecrets(folder))).toBe('SECRETS_CORRUPT');
  expect(readFileSync(folder.secrets, 'utf8')).toBe(text);
});

it('names a data folder that is a file or cannot be written', async () => {
  await using temp = await tempFolder();
  const file = join(temp.path, 'file');
  writeFileSync(file, '');
  expect(codeOf(() => prepareDataFolder(file))).toBe('DATA_DIR_NOT_A_FOLDER');
  expect(codeOf(() => prepareDataFolder(join(file, 'below')))).toBe('DATA_DIR_NOT_WRITABLE');
  // Not even root writes there.
  expect(codeOf(() => prepareDataFolder('/proc/maque'))).toBe('DATA_DIR_NOT_WRITABLE');
});
