import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { applyChange, prepareChange, type WantedChange } from './change-file.ts';
import { ChangeJournal } from './change-journal.ts';
import { undoChange } from './undo-change.ts';

const PATH = '/etc/sysctl.d/90-maque.conf';
const NOW_MS = Date.UTC(2026, 4, 1);

async function copiedTree() {
  const folder = await tempFolder();
  const root = folder.path;
  await mkdir(join(root, 'etc'));
  const journal = new ChangeJournal(join(root, 'var/lib/maque/doctor/fixes'));
  const change = async (wanted: Omit<WantedChange, 'reason'>) => {
    const prepared = await prepareChange(root, { reason: 'A5', ...wanted });
    if (prepared !== undefined) await applyChange(root, journal, prepared, NOW_MS);
    return prepared;
  };
  const undoAll = async () => {
    for (const kept of (await journal.all()).toReversed()) await undoChange(root, journal, kept);
  };
  const dispose = () => folder[Symbol.asyncDispose]();
  return { root, journal, change, undoAll, [Symbol.asyncDispose]: dispose };
}

it('makes a file and its folders, and leaves nothing behind when it is undone', async () => {
  await using tree = await copiedTree();
  const prepared = await tree.change({ path: PATH, rewrite: () => 'vm.swappiness = 10\n' });
  expect(prepared?.diff).toEqual(['+vm.swappiness = 10']);
  expect(await readFile(join(tree.root, PATH), 'utf8')).toBe('vm.swappiness = 10\n');
  expect((await stat(join(tree.root, PATH))).mode & 0o777).toBe(0o644);
  await tree.undoAll();
  expect(await readdir(tree.root, { recursive: true })).toEqual(['etc']);
});

it('brings content, mode and time back, through several changes of one file', async () => {
  await using tree = await copiedTree();
  const file = join(tree.root, 'etc/journald.conf');
  await writeFile(file, '[Journal]\r\n#Storage=auto');
  await chmod(file, 0o640);
  await utimes(file, 1_700_000_000, 1_700_000_000);
  const add = (line: string) =>
    tree.change({ path: '/etc/journald.conf', rewrite: (before) => `${before ?? ''}\n${line}\n` });
  await add('SystemMaxUse=200M');
  await add('RuntimeMaxUse=50M');
  expect(await readFile(file, 'utf8')).toBe(
    '[Journal]\r\n#Storage=auto\nSystemMaxUse=200M\n\nRuntimeMaxUse=50M\n',
  );
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  await tree.undoAll();
  expect(await readFile(file, 'utf8')).toBe('[Journal]\r\n#Storage=auto');
  expect(await stat(file)).toMatchObject({ mode: 0o100640, mtimeMs: 1_700_000_000_000 });
});

it('takes away what a killed one left half written, too', async () => {
  await using tree = await copiedTree();
  await tree.change({ path: PATH, rewrite: () => 'ours' });
  await writeFile(join(tree.root, 'etc/sysctl.d/.90-maque.conf.maque-4793'), 'ha');
  await writeFile(join(tree.journal.folder, '000002.json.4793'), '{');
  await tree.undoAll();
  expect(await readdir(tree.root, { recursive: true })).toEqual(['etc']);
});

it('has nothing to do where the file is as it should be', async () => {
  await using tree = await copiedTree();
  await writeFile(join(tree.root, 'etc/x'), 'as it should be');
  expect(await tree.change({ path: '/etc/x', rewrite: () => 'as it should be' })).toBeUndefined();
  expect(await tree.journal.all()).toEqual([]);
});

it('leaves alone what somebody changed since, and keeps the way back', async () => {
  await using tree = await copiedTree();
  const file = join(tree.root, PATH);
  await tree.change({ path: PATH, rewrite: () => 'ours' });
  await writeFile(file, 'somebody else');
  await expect(tree.undoAll()).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
  expect(await readFile(file, 'utf8')).toBe('somebody else');
  expect(await tree.journal.all()).toHaveLength(1);
});

it('refuses to write what changed between the look and the word', async () => {
  await using tree = await copiedTree();
  const file = join(tree.root, 'etc/x');
  await writeFile(file, 'seen');
  const prepared = await prepareChange(tree.root, { reason: 'A5', path: '/etc/x', rewrite: () => 'new' });
  await writeFile(file, 'changed');
  const applied = prepared && applyChange(tree.root, tree.journal, prepared, NOW_MS);
  await expect(applied).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
  expect(await readFile(file, 'utf8')).toBe('changed');
});

it('follows no link, whether at the end or on the way', async () => {
  await using tree = await copiedTree();
  await using elsewhere = await tempFolder();
  await symlink(elsewhere.path, join(tree.root, 'etc/sysctl.d'));
  await symlink('/etc/hostname', join(tree.root, 'etc/name'));
  for (const path of [PATH, '/etc/name']) {
    const made = tree.change({ path, rewrite: () => 'x' });
    await expect(made).rejects.toMatchObject({ code: 'CHANGE_THROUGH_LINK' });
  }
  expect(await readdir(elsewhere.path)).toEqual([]);
});

it('refuses what is no text, and one change more than it keeps', async () => {
  await using tree = await copiedTree();
  await writeFile(join(tree.root, 'etc/blob'), Buffer.from([0xff, 0xfe, 0x00]));
  const blob = tree.change({ path: '/etc/blob', rewrite: () => 'x' });
  await expect(blob).rejects.toMatchObject({ code: 'CHANGE_OF_NO_TEXT' });

  const small = new ChangeJournal(tree.journal.folder, 1);
  for (const [path, isRefused] of [
    ['/etc/a', false],
    ['/etc/b', true],
  ] as const) {
    const prepared = await prepareChange(tree.root, { reason: 'A5', path, rewrite: () => 'x' });
    const applied = prepared && applyChange(tree.root, small, prepared, NOW_MS);
    if (isRefused) await expect(applied).rejects.toMatchObject({ code: 'CHANGE_BACKUPS_FULL' });
    else await applied;
  }
  expect(await readdir(join(tree.root, 'etc'))).toEqual(['a', 'blob']);
});

it('reads past a record that a broken disk left half, and says which it is', async () => {
  await using tree = await copiedTree();
  await tree.change({ path: '/etc/a.conf', rewrite: () => 'a\n' });
  await tree.change({ path: '/etc/b.conf', rewrite: () => 'b\n' });
  const [first = ''] = await readdir(tree.journal.folder);
  const broken = join(tree.journal.folder, first);
  const whole = await readFile(broken, 'utf8');
  for (const text of ['', 'null', '{}', whole.slice(0, 40), '[1]']) {
    await writeFile(broken, text);
    const { changes, damaged } = await tree.journal.read();
    expect([changes.map(({ path }) => path), damaged]).toEqual([['/etc/b.conf'], [broken]]);
  }
  await writeFile(broken, whole);
  await tree.undoAll();
  expect(await readdir(tree.root, { recursive: true })).toEqual(['etc']);
});

it('changes nothing where what would undo it cannot be kept, and blames the right folder', async () => {
  await using tree = await copiedTree();
  await mkdir(join(tree.root, 'var/lib/maque'), { recursive: true });
  await writeFile(join(tree.root, 'var/lib/maque/doctor'), '');
  await expect(tree.change({ path: PATH, rewrite: () => 'x\n' })).rejects.toMatchObject({
    code: 'CHANGE_BACKUP_DENIED',
    data: { path: PATH, folder: tree.journal.folder },
  });
  await expect(readFile(join(tree.root, PATH))).rejects.toMatchObject({ code: 'ENOENT' });
});
