import { createWriteStream, readFileSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { MiB } from '@maque/kit';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { beforeAll, expect, it } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../packages/maque/bin/maque.js', import.meta.url));
const PLANTER = fileURLToPath(
  new URL('../packages/guard/src/redact/fixtures/plant-secrets.mjs', import.meta.url),
);

async function redact(...args: string[]) {
  await using child = await runMaque(['guard', 'redact', ...args]);
  const { code } = await child.exit();
  return { code, out: child.stdout(), error: child.stderr() };
}

let folder: Awaited<ReturnType<typeof tempFolder>>;
let raw: string;
let secrets: readonly string[];
beforeAll(async () => {
  folder = await tempFolder();
  await using planter = await spawnProcess(process.execPath, [PLANTER, folder.path, '500']);
  await planter.exit();
  raw = join(folder.path, 'raw.heapsnapshot');
  secrets = JSON.parse(await readFile(join(folder.path, 'secrets.json'), 'utf8'));
  return () => folder[Symbol.asyncDispose]();
});

it('copies a snapshot without its secrets beside it, for its owner alone, and says what it did', async () => {
  const done = await redact(raw);
  expect(done).toMatchObject({ code: 0, error: '' });
  expect(done.out).toMatch(/MiB with \d+ objects → .*raw\.redacted\.heapsnapshot .*: \d+ strings replaced/);
  const out = join(folder.path, 'raw.redacted.heapsnapshot');
  const text = await readFile(out, 'utf8');
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(JSON.parse(text).strings).toContain('OrderBook');
  expect((await stat(out)).mode & 0o777).toBe(0o600);
});

it('leaves a file that is there alone, unless told to replace it, even if it is its own source', async () => {
  const copy = join(folder.path, 'copy.heapsnapshot');
  await writeFile(copy, await readFile(raw));
  const refused = await redact(raw, copy);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.error).toContain('OUTPUT_EXISTS');
  expect((await readFile(copy)).equals(await readFile(raw))).toBe(true);

  const replaced = await redact(copy, copy, '--force', '--json');
  expect(replaced.code).toBe(0);
  expect(JSON.parse(replaced.out)).toMatchObject({ bytesRead: (await stat(raw)).size });
  expect((await readFile(copy)).equals(await readFile(join(folder.path, 'raw.redacted.heapsnapshot')))).toBe(
    true,
  );
});

it('reads and writes pipes, and ends quietly when nobody reads on', async () => {
  const line = '"$0" "$1" guard redact - < "$2" | "$0" -e "$3"';
  const count = `const chunks = []; process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', () =>
    console.log(JSON.parse(Buffer.concat(chunks)).nodes.length > 0))`;
  await using piped = await spawnProcess('sh', ['-c', line, process.execPath, LAUNCHER, raw, count]);
  await piped.exit();
  expect(piped.stdout()).toBe('true\n');
  expect(piped.stderr()).toContain('strings replaced');

  const cut = '"$0" "$1" guard redact "$2" - | head -c 100';
  await using headed = await spawnProcess('sh', ['-c', cut, process.execPath, LAUNCHER, raw]);
  await headed.exit();
  expect(headed.stdout()).toContain('{"snapshot":{"meta"');
  expect(headed.stderr()).toBe('');
});

it('refuses what is no snapshot, with the byte, and leaves nothing behind', async () => {
  const cut = join(folder.path, 'cut.heapsnapshot');
  await writeFile(cut, (await readFile(raw)).subarray(0, 300_000));
  const before = await readdir(folder.path);
  for (const [args, code] of [
    [[cut], 'SNAPSHOT_TRUNCATED'],
    [[join(folder.path, 'secrets.json')], 'SNAPSHOT_MALFORMED'],
    [[join(folder.path, 'missing')], 'INPUT_UNREADABLE'],
    [[folder.path, join(folder.path, 'out')], 'INPUT_UNREADABLE'],
    [[raw, join(folder.path, 'no', 'such', 'folder')], 'OUTPUT_UNWRITABLE'],
    [[], 'ARGUMENT_MISSING'],
  ] as const) {
    const refused = await redact(...args);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.error).toContain(code);
  }
  expect(await readdir(folder.path)).toEqual(before);
  expect((await redact(cut, '--lang', 'zh-CN')).error).toContain('堆快照不完整');
});

/** A snapshot of a million objects with a string each and four edges: 100 MB of it, piece by piece. */
function* largeSnapshot(): Generator<string> {
  const count = 1_000_000;
  const { snapshot } = JSON.parse(readFileSync(raw, 'utf8'));
  const pieces = function* (each: (index: number) => string) {
    for (let from = 0; from < count; from += 10_000) {
      yield (from === 0 ? '' : ',') + Array.from({ length: 10_000 }, (_, index) => each(from + index)).join();
    }
  };
  yield JSON.stringify({ snapshot: { ...snapshot, node_count: count, edge_count: 4 * count } }).slice(0, -1);
  yield ',"nodes":[';
  yield* pieces((index) => `2,${index},${2 * index + 1},24,4,0`);
  yield '],"edges":[';
  yield* pieces((index) =>
    Array.from({ length: 4 }, (_, edge) => `2,${index},${6 * ((index + edge) % count)}`).join(),
  );
  yield '],"strings":[';
  yield* pieces((index) => `"1380013${index}"`);
  yield ']}';
}

it('takes no more than 100 MiB for a large snapshot', async () => {
  const large = join(folder.path, 'large.heapsnapshot');
  await pipeline(largeSnapshot(), createWriteStream(large));
  expect((await stat(large)).size).toBeGreaterThan(95 * MiB);
  await using child = await runMaque(['guard', 'redact', large]);
  let peakKiB = 0;
  while (!child.ended()) {
    const status = await readFile(`/proc/${child.pid}/status`, 'latin1').catch(() => '');
    peakKiB = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peakKiB);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect((await child.exit()).code).toBe(0);
  // 70 to 80 MiB, of which Node itself has 41.
  expect(peakKiB * 1_024).toBeGreaterThan(20 * MiB);
  expect(peakKiB * 1_024).toBeLessThan(100 * MiB);
});
