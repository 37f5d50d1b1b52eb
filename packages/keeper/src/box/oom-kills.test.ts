import { expect, it } from 'vitest';
import { procOf } from '../../testing/proc-texts.ts';
import { OomKillWatch } from './oom-kills.ts';

const V2_EVENTS = '/sys/fs/cgroup/web/memory.events';
const V1_EVENTS = '/sys/fs/cgroup/memory/web/memory.oom_control';

function watchOf(version: 1 | 2) {
  const files = procOf({
    '/proc/self/cgroup': version === 2 ? '0::/web\n' : '4:memory:/web\n',
    '/proc/self/mountinfo':
      version === 2
        ? '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n'
        : '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
    [V2_EVENTS]: 'low 0\nhigh 0\nmax 7\noom 1\noom_kill 1\noom_group_kill 0\n',
    [V1_EVENTS]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
    '/proc/vmstat': 'pgfault 9\noom_kill 4\n',
  });
  const watch = new OomKillWatch(files);
  watch.look(1_000);
  const kill = (file: string | null) => {
    const bump = (path: string) =>
      files.texts.set(
        path,
        (files.texts.get(path) ?? '').replace(
          /^oom_kill (\d+)/m,
          (_, count) => `oom_kill ${Number(count) + 1}`,
        ),
      );
    if (file !== null) bump(file);
    bump('/proc/vmstat');
  };
  return { watch, kill, files };
}

it.each([
  [1, V1_EVENTS],
  [2, V2_EVENTS],
] as const)('tells in version %i whether a worker was killed for want of memory', (version, events) => {
  const { watch, kill } = watchOf(version);
  expect(watch.claim(2_000)).toBe(false);
  kill(events);
  expect(watch.claim(3_000)).toBe(true);
  expect(watch.claim(3_000)).toBe(false);
  expect(watch.total).toEqual({ own: 1, elsewhere: 0 });
  expect(watch.unexplained(60_000)).toBeNull();
});

it('does not take what was killed elsewhere for one of ours, and tells it once', () => {
  const { watch, kill } = watchOf(2);
  kill(null);
  expect(watch.claim(2_000)).toBe(false);
  kill(V2_EVENTS);
  watch.look(3_000);
  expect(watch.unexplained(3_500)).toBeNull();
  expect(watch.unexplained(5_000)).toEqual({ own: 1, elsewhere: 1 });
  expect(watch.unexplained(9_000)).toBeNull();
});

it('goes by the machine where the group has no count, and by nothing where nobody tells', () => {
  const { watch, kill, files } = watchOf(2);
  files.texts.delete(V2_EVENTS);
  watch.look(2_000);
  kill(null);
  expect(watch.claim(3_000)).toBe(true);
  files.texts.clear();
  expect(watch.claim(4_000)).toBe(false);
});

it('counts nothing when a counter begins anew or comes back', () => {
  const { watch, files } = watchOf(2);
  files.texts.set(V2_EVENTS, 'oom_kill 0\n');
  watch.look(2_000);
  files.texts.delete(V2_EVENTS);
  watch.look(3_000);
  files.texts.set(V2_EVENTS, 'oom_kill 900\n');
  watch.look(4_000);
  expect(watch.total).toEqual({ own: 0, elsewhere: 0 });
});
