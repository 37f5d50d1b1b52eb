import { describe, expect, it } from 'vitest';
import { logNames, reportOf, textOfLog } from '../../testing/recorded-oom.ts';
import { CAUSES } from './causes.ts';
import { explainKill } from './explain-kill.ts';
import { FIXES } from './fixes.ts';
import { KILL_MECHANISMS, type Kill } from './kill.ts';
import { MECHANISM_TEXTS } from './mechanisms.ts';
import { UNTOLD } from './untold.ts';

const known = logNames().flatMap((name) => reportOf(textOfLog(name)).kills);

function kill(told: Partial<Kill>): Kill {
  const when = { host: null, time: null, uptimeSeconds: null, line: 1 };
  return { ...UNTOLD, ...when, mechanism: 'kernel-oom', constraint: 'CONSTRAINT_NONE', ...told };
}

const machine = kill({ name: 'mariadbd', pid: 1, rssKb: 500_000, ramKb: 2_000_000, totalSwapKb: 0 });
const share = (name: string, processes: number, residentKb: number) => ({
  name,
  processes,
  residentKb,
  swappedKb: 0,
});
const others = [
  { ...machine, name: 'redis-server', memory: [share('redis-server', 1, 9)] },
  { ...machine, name: 'php-fpm', memory: [share('php-fpm', 30, 900_000)] },
  { ...machine, culprit: { name: 'gunicorn', pid: null, processes: 4, memoryKb: 900_000, score: null } },
  kill({ constraint: 'CONSTRAINT_MEMCG', unit: 'api.service', limitKb: 400 * 1_024, name: 'java' }),
];

it('every mechanism has a page, and every kill a cause', () => {
  expect(Object.keys(MECHANISM_TEXTS).sort()).toEqual(KILL_MECHANISMS.toSorted());
  for (const mechanism of KILL_MECHANISMS) {
    const [main] = explainKill(kill({ mechanism, name: 'x' }));
    expect(main?.code).toMatch(/^OOM_/);
  }
});

it('every cause and every fix is told of some kill', () => {
  const findings = [...known, ...others].flatMap(explainKill);
  expect([...new Set(findings.map(({ code }) => code))].sort()).toEqual(Object.keys(CAUSES).sort());
  const told = new Set(findings.flatMap(({ fix }) => fix.map(({ where }) => templateOf(where.en))));
  expect([...told].sort()).toEqual(
    Object.values(FIXES)
      .map(({ where }) => templateOf(where.en))
      .sort(),
  );
});

function templateOf(text: string): string {
  return text.replace(/\{unit\}|(?:--user )?\S+\.service/, '…');
}

it('no datum of any message is left unfilled', () => {
  for (const { text, data } of [...known, ...others].flatMap(explainKill)) {
    const names = [...`${text.en}${text.zh}`.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const name of names) expect(Object.keys(data), text.en).toContain(name);
  }
});

describe('what to change', () => {
  const linesOf = (told: Kill) => explainKill(told).flatMap(({ fix }) => fix.flatMap(({ lines }) => lines));

  it('is a larger heap only after a leak is looked for, half as large again as the one that was full', () => {
    const [full] = reportOf(
      '[2411:0x2b0f4000] 81234 ms: Mark-sweep 390.1 (400.2) -> 389.9 (400.2) MB, 901.2 / 0.0 ms\n' +
        'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    ).kills;
    expect(linesOf(full as Kill)).toEqual([
      'npx maque run server.js',
      'NODE_OPTIONS="--max-old-space-size=600"',
    ]);
  });

  it('is room for a unit, a pod or a container: half as much again', () => {
    const limited = { limitKb: 400 * 1_024, name: 'web' };
    expect(
      linesOf(kill({ ...limited, constraint: 'CONSTRAINT_MEMCG', unit: 'api.service', name: 'java' })),
    ).toContain('MemoryMax=600M');
    const inside = { ...limited, constraint: 'container limit' };
    expect(linesOf(kill({ ...inside, mechanism: 'kubernetes' }))).toContain('    memory: 600Mi');
    expect(linesOf(kill({ ...inside, mechanism: 'container' }))).toContain(
      'docker update --memory 600m --memory-swap 600m web',
    );
  });

  it("asks a user's own manager of its units, and for nothing that it may not do", () => {
    const user = '/user.slice/user-1000.slice/user@1000.service';
    const limited = { constraint: 'CONSTRAINT_MEMCG', limitKb: 400 * 1_024 } as const;
    const whereOf = (told: Kill) => explainKill(told).flatMap(({ fix }) => fix.map(({ where }) => where.en));
    const own = kill({
      ...limited,
      unit: 'shop.service',
      cgroup: `${user}/app.slice/shop.service`,
      name: 'java',
    });
    expect(whereOf(own).join('\n')).toContain('systemctl edit --user shop.service');
    const manager = kill({ ...limited, unit: 'user@1000.service', cgroup: user, name: 'java' });
    expect(whereOf(manager).join('\n')).toContain('systemctl edit user@1000.service');
    const culprit = { name: 'node', pid: null, processes: 2, memoryKb: 900_000, score: null };
    const database = { ...machine, unit: 'mariadb.service', cgroup: `${user}/mariadb.service`, culprit };
    expect(linesOf(database).join('\n')).not.toContain('OOMScoreAdjust');
  });

  it('is swap where the machine has none, and never for a group', () => {
    expect(linesOf(machine).join('\n')).toContain('swapon');
    expect(linesOf({ ...machine, constraint: 'CONSTRAINT_MEMCG' }).join('\n')).not.toContain('swapon');
  });

  it('is of the program that had the memory, and the database that died for it is protected', () => {
    const culprit = { name: 'node', pid: null, processes: 2, memoryKb: 900_000, score: null };
    const lines = linesOf({ ...machine, unit: 'mariadb.service', culprit }).join('\n');
    expect(lines).toContain('NODE_OPTIONS');
    expect(lines).not.toContain('innodb_buffer_pool_size');
    expect(lines).toContain('OOMScoreAdjust=-600');
  });
});
