import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { MiB } from '@maque/kit';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../packages/maque/bin/maque.js', import.meta.url));
const HEADER = { header: 1, heapLimit: 448 * MiB, maxOldSpace: 256 * MiB, containerLimit: 512 * MiB };

/** A recording whose heap grows by half a MiB a second, with a major collection every ten seconds. */
function leak(seconds: number): string {
  const heapAt = (t: number) => (12 + t / 2) * MiB;
  const samples = Array.from({ length: seconds * 2 }, (_, index) => {
    const t = (index + 1) / 2;
    const lastMajorT = Math.floor(t / 10) * 10;
    const heapUsed = heapAt(t) + (t - lastMajorT) * MiB;
    return {
      t,
      rss: heapUsed + 80 * MiB,
      heapUsed,
      external: 0,
      lastMajorT,
      heapAfterMajor: heapAt(lastMajorT),
    };
  });
  return [HEADER, ...samples, { end: 1 }].map((line) => `${JSON.stringify(line)}\n`).join('');
}

async function replay(...args: string[]) {
  await using child = await runMaque(['guard', 'replay', ...args]);
  const { code } = await child.exit();
  const lines = child.stdout().split('\n').slice(0, -1);
  return { code, error: child.stderr(), said: lines.map((line) => JSON.parse(line)) };
}

/** Runs a shell line in which `$0` is this Node, `$1` the command and `$2` what is given. */
async function shell(line: string, given: string) {
  await using child = await spawnProcess('sh', ['-c', line, process.execPath, LAUNCHER, given]);
  const { code } = await child.exit();
  return { code, error: child.stderr(), lines: child.stdout().split('\n').slice(0, -1) };
}

it('says of a recording what each pool looks like as time goes on, packed or not, or from a pipe', async () => {
  await using folder = await tempFolder();
  const plain = join(folder.path, 'leak.jsonl');
  const packed = `${plain}.gz`;
  await writeFile(plain, leak(200));
  await writeFile(packed, gzipSync(leak(200)));

  const { code, error, said } = await replay(plain);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(said[0]).toEqual({
    t: 0.5,
    pool: 'heap',
    verdict: 'not-enough-evidence',
    probability: 0,
    timeToLimitMs: null,
  });
  const last = said.findLast(({ pool }) => pool === 'heap');
  expect(last).toMatchObject({ t: 195.5, verdict: 'leaking' });
  expect(last.probability).toBeGreaterThan(0.9);
  // At 195.5 s there are 110 MiB; the 146 that are left take 292 s.
  expect(last.timeToLimitMs).toBeGreaterThan(280_000);
  expect(last.timeToLimitMs).toBeLessThan(305_000);

  expect((await replay(packed)).said).toEqual(said);
  const piped = await shell('cat "$2" | "$0" "$1" guard replay -', plain);
  expect(piped.lines.map((line) => JSON.parse(line))).toEqual(said);
});

it('looks as far ahead and as often as it is told', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'leak.jsonl');
  await writeFile(path, leak(120));
  const { said } = await replay(path, '--every', '1m', '--horizon', '1m');
  expect(said.map(({ t }) => t)).toEqual([0.5, 0.5, 0.5, 60.5, 60.5, 60.5]);
  // It does grow; but in a minute it comes by 30 MiB of the 214 that are left.
  for (const { probability } of said) expect(probability).toBeLessThan(0.1);
});

it('counts what it had to skip, and goes on', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'torn.jsonl');
  await writeFile(path, `${leak(30)}{"t":31,"heapUs\nnull\n{"t":1,"heapUsed":1}\n`);
  const { code, error, said } = await replay(path);
  expect(code).toBe(0);
  expect(said.length).toBe(6 * 3);
  expect(error).toBe('60 samples; 3 lines skipped: no sample, or back in time\n');
});

it('says what is wrong with a file or an option', async () => {
  await using folder = await tempFolder();
  const text = join(folder.path, 'notes.txt');
  await writeFile(text, 'nothing\nof the kind\n');
  const packed = join(folder.path, 'notes.gz');
  await writeFile(packed, 'not packed');
  const missing = join(folder.path, 'missing.jsonl');
  const cases: [args: string[], error: RegExp][] = [
    [[], /<trace\.jsonl\[\.gz\]>/],
    [[missing], /missing\.jsonl: no such file or directory \(TRACE_UNREADABLE\)/],
    [[folder.path], /illegal operation on a directory \(TRACE_UNREADABLE\)/],
    [[text], /notes\.txt is no recording .*2 are something else/],
    [[packed], /notes\.gz is no recording/],
    [[missing, '--every', '0s'], /--every must be a duration/],
    [[missing, '--horizon', 'soon'], /--horizon must be a duration .*not soon/],
  ];
  for (const [args, message] of cases) {
    const { code, error, said } = await replay(...args);
    expect({ code, said }, args.join(' ')).toEqual({ code: 1, said: [] });
    expect(error).toMatch(message);
    expect(error).not.toMatch(/\n\s+at /);
  }
});

it('ends quietly when its reader goes away, even if its input has no end', async () => {
  const endless = `
    import { writeSync } from 'node:fs';
    writeSync(1, ${JSON.stringify(`${JSON.stringify(HEADER)}\n`)});
    for (let t = 1; ; t += 1) writeSync(1, JSON.stringify({ t, heapUsed: 1e7 }) + '\\n');`;
  const line = '"$0" --input-type=module -e "$2" 2>/dev/null | "$0" "$1" guard replay - | head -n 1';
  const { code, error, lines } = await shell(line, endless);
  expect({ code, error, count: lines.length }).toEqual({ code: 0, error: '', count: 1 });
});
