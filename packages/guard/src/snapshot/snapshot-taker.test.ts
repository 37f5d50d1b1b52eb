import { open, readdir, readFile, stat } from 'node:fs/promises';
import { GiB, KiB, MiB, systemClock } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../fixtures/build-snapshot.ts';
import { runHelper } from './run-helper.ts';
import { SnapshotTaker } from './snapshot-taker.ts';
import { snapshotLines } from './snapshot-text.ts';

const roomy = () => new SnapshotTaker({ clock: systemClock, availableMemory: () => 64 * GiB });
const ROOM = { maxBlockedMs: 60_000, keepDiskFree: 0 };

class Parcel {
  readonly phone: string;

  constructor(phone: string) {
    this.phone = phone;
  }
}

describe('a snapshot that fits', () => {
  it('is taken, redacted, and its real cost told beside the predicted', async () => {
    await using folder = await tempFolder();
    const kept = new Parcel('13800138000, Zhang San');
    const result = await roomy().take({ folder: folder.path, ...ROOM });
    if (!result.taken) throw new Error(JSON.stringify(result));
    const text = await readFile(result.file, 'utf8');
    expect(result.redacted).toBe(true);
    expect(text).not.toContain(kept.phone);
    expect(text).toContain('"Parcel"');
    expect(JSON.parse(text).snapshot.node_count).toBe(result.actual.nodes);
    expect((await stat(result.file)).size).toBe(result.actual.file);
    expect(result.actual.blockedMs).toBeGreaterThan(0);
    expect(snapshotLines(result, 'en').join('\n')).toMatch(
      /^Heap snapshot of [\d,]+ objects in .* stood still/,
    );
    expect(snapshotLines(result, 'zh-CN').join('\n')).toMatch(/^堆快照已写入/);
  });

  it('keeps what users said only when asked to, and says so', async () => {
    await using folder = await tempFolder();
    const kept = new Parcel('13900139000, Li Si');
    const result = await roomy().take({ folder: folder.path, redact: false, ...ROOM });
    if (!result.taken) throw new Error(JSON.stringify(result));
    expect(await readFile(result.file, 'utf8')).toContain(kept.phone);
    expect(snapshotLines(result, 'en')[1]).toMatch(/not redacted/);
  });
});

describe('a snapshot that does not fit', () => {
  it('is refused with the sum, before anything is taken', async () => {
    await using folder = await tempFolder();
    const taker = new SnapshotTaker({ clock: systemClock, availableMemory: () => 50 * MiB });
    const result = await taker.take({ folder: folder.path, maxBlockedMs: 1, maxTotalBytes: KiB });
    expect(result).toMatchObject({
      taken: false,
      refusals: [
        { code: 'MEMORY_SHORT', available: 50 * MiB },
        { code: 'PAUSE_TOO_LONG' },
        { code: 'FILE_TOO_LARGE' },
      ],
    });
    expect(await readdir(folder.path)).toEqual([]);
    const english = snapshotLines(result, 'en').join('\n');
    expect(english).toMatch(/needs up to [\d.]+ [MG]iB of memory, and 50 MiB are left/);
    expect(english).toMatch(/stand still for about .*, and 1 ms are allowed/);
    expect(snapshotLines(result, 'zh-CN').join('\n')).toMatch(/只剩 50 MiB/);
  });

  it.each([
    [{ maxSnapshots: 0 }, 'maxSnapshots'],
    [{ maxBlockedMs: Number.NaN }, 'maxBlockedMs'],
    [{ folder: '' }, 'folder'],
    [{ redact: 'no' }, 'redact'],
    [{ maxPauseMs: 1 }, 'options'],
  ])('has no absurd options: %j', async (options, option) => {
    await expect(roomy().take(options as object)).rejects.toMatchObject({
      code: 'SNAPSHOT_OPTION_INVALID',
      data: { option },
    });
  });
});

describe('the process that works on it', () => {
  it('gives way to the app, knows nothing of its environment, and leaves no half file when it is killed', async () => {
    await using folder = await tempFolder();
    process.env.MAQUE_TEST_SECRET = 'secret';
    const taking = roomy().take({ folder: folder.path, ...ROOM });
    const ending = taking.then(
      () => 'taken',
      (error: unknown) => error,
    );
    const helper = await waitUntil('the helper', async () => {
      const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
      for (const pid of children.trim().split(' ')) {
        const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        const score = await readFile(`/proc/${pid}/oom_score_adj`, 'utf8').catch(() => '');
        if (command.includes('snapshot-helper') && score.trim() === '800') return Number(pid);
      }
      return undefined;
    });
    expect(await readFile(`/proc/${helper}/environ`, 'utf8')).not.toContain('secret');
    process.kill(helper, 'SIGKILL');
    expect(await ending).toMatchObject({ code: 'SNAPSHOT_HELPER_ENDED', data: { how: 'SIGKILL' } });
    expect(await readdir(folder.path)).toEqual([]);
    delete process.env.MAQUE_TEST_SECRET;
  });

  const file = buildSnapshot([{ type: 'synthetic', name: '' }]);
  const write = async (input: string, path: string, maxBytes = MiB) => {
    await using output = await open(path, 'w');
    const helper = runHelper({ task: 'write', redact: true, maxBytes }, output.fd);
    await helper.ready;
    helper.process.stdin?.end(input);
    return helper.answer;
  };

  it('says when the disk is full', async () => {
    await expect(write(file, '/dev/full')).rejects.toMatchObject({ code: 'SNAPSHOT_DISK_FULL' });
  });

  it('says when the file becomes too large, is broken off, or is no snapshot', async () => {
    await expect(write(file, '/dev/null', 100)).rejects.toMatchObject({
      code: 'SNAPSHOT_FILE_TOO_LARGE',
      data: { limit: 100 },
    });
    await expect(write(file.slice(0, -5), '/dev/null')).rejects.toMatchObject({ code: 'SNAPSHOT_TRUNCATED' });
    await expect(write('hello', '/dev/null')).rejects.toMatchObject({ code: 'SNAPSHOT_MALFORMED' });
  });
});
