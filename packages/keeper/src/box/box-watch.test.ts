import { createManualClock, MiB, SECOND, systemClock } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { procOf, statm } from '../../testing/proc-texts.ts';
import { BoxWatch } from './box-watch.ts';

const RULES = { recycleMs: 11 * SECOND };
const FOLDER = '/sys/fs/cgroup/shop.slice/web.service';
const FULL_STALL = 'some avg10=30.00 avg60=1 avg300=0 total=1\nfull avg10=12.00 avg60=1 avg300=0 total=1\n';

/** A box of version 2 as it was recorded, with two workers whose sizes a test sets, and a clock that it moves. */
function recordedBox() {
  const files = procOf({
    '/proc/self/cgroup': '0::/shop.slice/web.service\n',
    '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
    '/proc/meminfo':
      'MemTotal: 2007040 kB\nMemFree: 90000 kB\nMemAvailable: 1200000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
    '/proc/pressure/memory': FULL_STALL.replace('12.00', '0.00'),
    '/proc/vmstat': 'oom_kill 0\n',
    [`${FOLDER}/memory.max`]: `${512 * MiB}\n`,
    [`${FOLDER}/memory.events`]: 'oom_kill 0\n',
    [`${FOLDER}/memory.pressure`]: FULL_STALL.replace('12.00', '0.00'),
  });
  const clock = createManualClock();
  const watch = new BoxWatch(files, clock, RULES);
  const sizes = { w1: 60, w2: 60, others: 45, pageCache: 0 };
  const workers = (['w1', 'w2'] as const).map((id, index) => ({
    id,
    pid: 101 + index,
    phase: 'ready' as const,
    budgetBytes: 165 * MiB,
    status: null,
  }));
  function tick() {
    clock.advance(250);
    const { w1, w2, others, pageCache } = sizes;
    files.texts.set('/proc/101/statm', statm(w1));
    files.texts.set('/proc/102/statm', statm(w2));
    files.texts.set(`${FOLDER}/memory.current`, `${(w1 + w2 + others + pageCache) * MiB}\n`);
    files.texts.set(`${FOLDER}/memory.stat`, `anon 1\nactive_file 0\ninactive_file ${pageCache * MiB}\n`);
    return watch.look(workers);
  }
  return { files, watch, sizes, tick, workers, clock };
}

describe('BoxWatch', () => {
  it('reads the box, the workers and the rest of it', () => {
    const { watch, tick } = recordedBox();
    expect(watch.view).toBeNull();
    expect(tick()).toEqual({
      level: 'none',
      reasons: [],
      recycle: null,
      kill: null,
      evacuate: null,
      spareFits: true,
      oomKills: null,
    });
    expect(watch.view).toMatchObject({
      kind: 'cgroup',
      limitBytes: 512 * MiB,
      usedBytes: 165 * MiB,
      stall: 0,
      others: { bytes: 45 * MiB },
      // 40 MiB of the program's pages, shared by two workers and the keeper.
      workers: [{ id: 'w1', growth: { bytes: expect.closeTo((60 + 40 / 3) * MiB) } }, { id: 'w2' }],
    });
  });

  it('takes page cache that fills the group for no pressure', () => {
    const { watch, sizes, tick } = recordedBox();
    for (; sizes.pageCache < 340; sizes.pageCache += 10) {
      expect(tick()).toMatchObject({ level: 'none', recycle: null, kill: null });
    }
    expect(watch.view?.usedBytes).toBe(165 * MiB);
  });

  it('looks at the box every two seconds while calm, and at every tick while a worker grows', () => {
    const { watch, sizes, tick } = recordedBox();
    const looks = (ticks: number) => {
      const seen = new Set<number | undefined>();
      for (let count = 0; count < ticks; count += 1) {
        tick();
        seen.add(watch.view?.atMs);
      }
      return seen.size;
    };
    tick();
    expect(looks(40)).toBeLessThanOrEqual(6);
    sizes.w1 += 20;
    tick();
    expect(looks(4)).toBe(4);
  });

  it('says what is to be done once', () => {
    const { sizes, tick } = recordedBox();
    sizes.w1 = 370;
    const asked = Array.from({ length: 20 }, () => tick()).filter(({ recycle }) => recycle !== null);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.recycle).toMatchObject({ worker: 'w1', code: 'full', roomBytes: 37 * MiB });
  });

  it('sees a neighbour’s growth and stalls, and lets the workers be', () => {
    const { watch, sizes, files, tick } = recordedBox();
    files.texts.set(`${FOLDER}/memory.pressure`, FULL_STALL);
    for (; sizes.others < 345; sizes.others += 5) expect(tick()).toMatchObject({ recycle: null, kill: null });
    const { level, reasons } = tick();
    expect(level).not.toBe('none');
    expect(reasons.map(({ code }) => code)).toEqual(['box-full', 'limit-near', 'memory-stall']);
    expect(watch.view?.others?.rateNow).toBeGreaterThan(10 * MiB);
  });

  it('tells once of a kill that no worker’s death explains, and none of what happens outside the group', () => {
    const { files, tick } = recordedBox();
    tick();
    files.texts.set('/proc/vmstat', 'oom_kill 3\n');
    const news = () => Array.from({ length: 40 }, () => tick().oomKills).filter((kills) => kills !== null);
    expect(news()).toEqual([]);
    files.texts.set('/proc/vmstat', 'oom_kill 4\n');
    files.texts.set(`${FOLDER}/memory.events`, 'oom_kill 1\n');
    expect(news()).toEqual([{ own: 1, elsewhere: 0 }]);
  });

  it('explains a worker’s death with what was seen last', () => {
    const { watch, files, sizes, tick } = recordedBox();
    sizes.w1 = 300;
    tick();
    expect(watch.explainKill('w1')).toBeNull();
    files.texts.set(`${FOLDER}/memory.events`, 'oom_kill 1\n');
    expect(watch.explainKill('w1')).toMatchObject({
      kind: 'cgroup',
      limitBytes: 512 * MiB,
      usedBytes: 405 * MiB,
    });
    expect(watch.explainKill('w1')).toBeNull();
  });

  it('goes on when the group, /proc or a worker vanishes, and when they come back', () => {
    const { files, watch, tick, workers, clock } = recordedBox();
    tick();
    const texts = new Map(files.texts);
    files.texts.clear();
    for (let count = 0; count < 300; count += 1) {
      clock.advance(250);
      expect(watch.look(workers)).toMatchObject({ level: 'none', recycle: null, kill: null });
    }
    expect(watch.view).toMatchObject({ usedBytes: null, workers: [] });
    for (const [path, text] of texts) files.texts.set(path, text);
    for (let count = 0; count < 300; count += 1) tick();
    expect(watch.view).toMatchObject({ kind: 'cgroup', usedBytes: 165 * MiB });
  });

  it('survives a clock that jumps', () => {
    const { files, workers } = recordedBox();
    let nowMs = 1_000_000;
    const watch = new BoxWatch(files, { ...systemClock, monotonic: () => nowMs }, RULES);
    for (const jumpMs of [250, -900_000, 250, 1e9, 250, 250]) {
      nowMs += jumpMs;
      expect(watch.look(workers)).toMatchObject({ level: 'none', recycle: null, kill: null });
    }
  });
});
