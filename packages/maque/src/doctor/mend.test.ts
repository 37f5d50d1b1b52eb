import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { systemClock } from '@maque/kit';
import { type Check, checks, type Examination, localHost, type Outcome } from '@maque/ops/doctor';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { undoChanges } from '../changes/make-changes.ts';
import { mend } from './mend.ts';

const check = checks[0] as Check;

function wrong(path: string, rewrite: (before: string | null) => string): Outcome {
  const text = { en: 'wrong', zh: '有误' };
  return {
    kind: 'finding',
    severity: 'warning',
    text,
    data: {},
    evidence: '',
    fix: [],
    repair: { path, rewrite },
  };
}

/** Somebody at a terminal who gives these answers, one to each question. */
function person(answers: readonly string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  const left = [...answers];
  output.on('data', (chunk: Buffer) => {
    if (chunk.includes('[y/N/a]')) input.write(`${left.shift() ?? ''}\n`);
  });
  return { input, output };
}

async function copy(answers: readonly string[]) {
  const folder = await tempFolder();
  const root = folder.path;
  await mkdir(join(root, 'etc'));
  await writeFile(join(root, 'etc/a'), 'old\n');
  const said: string[] = [];
  const terminal = {
    out: () => {},
    error: (text: string) => void said.push(text),
    isClosed: () => false,
    columns: () => undefined,
    style: (_style: string, text: string) => text,
  };
  const surroundings = { terminal, language: 'en', env: {}, cwd: root, installation: {} } as never;
  const place = {
    root,
    backups: join(root, 'state/fixes'),
    undoCommand: 'maque doctor --undo',
    host: localHost(systemClock, { root }),
    yes: false,
    streams: person(answers),
    surroundings,
  };
  const read = (name: string) => readFile(join(root, 'etc', name), 'utf8').catch(() => null);
  return { place, said, read, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const examination: Examination = {
  startedAtMs: 0,
  results: [
    {
      check,
      outcomes: [
        wrong('/etc/a', (before) => `${before}new\n`),
        wrong('/etc/b', () => 'b\n'),
        wrong('/etc', () => 'no file'),
      ],
      leftOut: 0,
    },
  ],
};

it('asks for each change, showing it, and makes those that are wanted', async () => {
  await using tree = await copy(['y', 'no']);
  const left = await mend(examination, tree.place);
  expect([await tree.read('a'), await tree.read('b')]).toEqual(['old\nnew\n', null]);
  expect(left.results[0]?.outcomes.map(({ kind }) => kind)).toEqual(['ok', 'finding', 'finding']);
  expect(tree.said).toEqual([
    '\nA1: change /etc/a',
    '   old',
    '  +new',
    'written: /etc/a',
    '\nA1: change /etc/b',
    '  +b',
    '✖ /etc is not a plain file',
    'maque doctor --undo brings all back',
  ]);
  expect(await undoChanges(tree.place)).toBe(0);
  expect(await tree.read('a')).toBe('old\n');
});

it('takes a terminal that goes away for a no', async () => {
  await using tree = await copy([]);
  tree.place.streams.output.on('data', () => tree.place.streams.input.end());
  await mend(examination, tree.place);
  expect([await tree.read('a'), await tree.read('b')]).toEqual(['old\n', null]);
});

it('trusts no backups that others may have written', async () => {
  await using tree = await copy(['y', 'y']);
  await mkdir(tree.place.backups, { recursive: true });
  await chmod(tree.place.backups, 0o777);
  await expect(undoChanges(tree.place)).rejects.toMatchObject({ code: 'STATE_FOLDER_UNSAFE' });
  await expect(mend(examination, tree.place)).rejects.toMatchObject({ code: 'STATE_FOLDER_UNSAFE' });
});
