import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { reportFailure } from '../cli/report-failure.ts';
import { writeTree } from './write-tree.ts';

it.each([
  ['en', 'a part of the path is no folder'],
  ['zh-CN', '路径中有一段不是目录'],
] as const)('says why a tree cannot be written where a file is: %s', async (language, reason) => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'file');
  await writeFile(path, 'mine');
  const told: string[] = [];
  const terminal = {
    out: (text: string) => void told.push(text),
    error: (text: string) => void told.push(text),
    isClosed: () => false,
    columns: () => undefined,
    style: (_: string, text: string) => text,
  };
  const installation = {
    version: '1',
    workerScript: '/w.js',
    preload: new URL('file:///p.js'),
    consoleDir: '/c',
  };
  const surroundings = { terminal, language, env: {}, cwd: folder.path, installation };
  const file = { target: 'nginx', path: '/etc/nginx/nginx.conf', content: 'x\n' } as const;
  await writeTree([file], { folder: path, force: false }, surroundings).catch((error: unknown) =>
    reportFailure(error, surroundings),
  );
  expect(told.join('\n')).toContain(`${reason} (OUTPUT_UNWRITABLE)`);
});
