import { GiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAIN } from '../../../testing/nginx-recordings.ts';
import { fittingPlans, shopRequest } from '../../../testing/plan-requests.ts';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import { recordedUnits } from '../../../testing/recorded-units.ts';
import { V2 } from '../../../testing/unit-recordings.ts';
import { checks } from '../../doctor/check-list.ts';
import { Patient } from '../../doctor/patient.ts';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import { planBox } from '../../plan/box/plan-box.ts';
import { renderOptions } from '../render-options.ts';
import type { RenderedFile } from '../rendered-file.ts';
import { mariadb } from './mariadb.ts';
import { mysql } from './mysql.ts';
import { nginx } from './nginx.ts';
import { redis } from './redis.ts';

const CERTIFICATE = '/etc/ssl/shop.pem';
const KEY = '/etc/ssl/shop.key';
const options = renderOptions({ domain: 'shop.example.com', certificate: CERTIFICATE, certificateKey: KEY });
const GROUPS = new Set(['front', 'database', 'redis', 'units']);

/** What runs of a service, as it is seen from outside. */
const PROGRAMS: Readonly<
  Record<string, { readonly executable: string; readonly title?: string; readonly unit: string }>
> = {
  nginx: {
    executable: '/usr/sbin/nginx',
    title: 'nginx: master process /usr/sbin/nginx',
    unit: 'nginx.service',
  },
  mariadb: { executable: '/usr/sbin/mariadbd', unit: 'mariadb.service' },
  mysql: { executable: '/usr/sbin/mysqld', unit: 'mysql.service' },
  redis: {
    executable: '/usr/bin/redis-server',
    title: '/usr/bin/redis-server 127.0.0.1:6379',
    unit: 'redis-server.service',
  },
};

const APP: RecordedProcess = {
  pid: 900,
  executable: '/usr/bin/node',
  rssMb: 50,
  oomScore: 900,
  cgroup: '/user.slice/shop',
};

const SHELL: RecordedProcess = { pid: 800, executable: '/usr/bin/bash', oomScore: 700 };

/** A server on which all that was rendered is in place and running. */
function boxOf(plan: BoxPlan): HostRecording {
  const files = [nginx, mariadb, mysql, redis].flatMap((target) => target.render(plan, options));
  const running = plan.services.flatMap(({ kind }) => PROGRAMS[kind] ?? []);
  const processes = [...new Set(running)].map((program, index): RecordedProcess => {
    const said = propertiesOf(files, program.unit);
    return {
      pid: 100 + 10 * index,
      executable: program.executable,
      commandLine: [program.title ?? program.executable],
      cgroup: `/system.slice/${program.unit}`,
      oomScoreAdj: Number(said.OOMScoreAdjust),
      oomScore: 100,
      openFiles: Number(said.LimitNOFILE),
    };
  });
  const workers = processes
    .filter(({ executable }) => executable === '/usr/sbin/nginx')
    .map((master) => ({
      ...master,
      pid: master.pid + 1,
      parent: master.pid,
      commandLine: ['nginx: worker process'],
    }));
  const hasApp = plan.services.some(({ kind }) => ['maque', 'node', 'java', 'python'].includes(kind));
  const apps = hasApp ? [APP] : [];
  const recorded = recordedProcesses([...processes, ...workers, ...apps, SHELL]);
  const { memoryBytes, cores } = plan.request.box;
  return {
    files: {
      ...recorded.files,
      ...V2,
      ...Object.fromEntries(files.map(({ path, content }) => [path, content])),
      ...Object.fromEntries(
        running.map(({ unit }) => [
          `/sys/fs/cgroup/system.slice/${unit}/memory.max`,
          `${propertiesOf(files, unit).MemoryMax}\n`,
        ]),
      ),
      '/proc/meminfo': `MemTotal: ${Math.floor(memoryBytes / 1024)} kB\nMemAvailable: ${Math.floor(memoryBytes / 2048)} kB\n`,
      '/proc/swaps': `Filename Type Size Used Priority\n/swapfile file ${2 * 1024 * 1024} 0 -2\n`,
      '/proc/stat': `cpu  1 2 3 4\n${Array.from({ length: cores }, (_, at) => `cpu${at} 1 2 3 4\n`).join('')}`,
      '/proc/net/tcp': LISTENING,
      '/etc/mysql/my.cnf': '!includedir /etc/mysql/mysql.conf.d/\n!includedir /etc/mysql/mariadb.conf.d/\n',
      '/etc/mysql/mariadb.conf.d/50-server.cnf': '[mysqld]\nexpire_logs_days = 10\n',
      '/etc/mysql/mysql.conf.d/mysqld.cnf': '[mysqld]\nkey_buffer_size = 16M\n',
      [CERTIFICATE]: CHAIN,
      [KEY]: 'a key',
    },
    links: recorded.links,
    facts: { [KEY]: { mode: 0o600 }, '/usr/sbin/nginx': { mode: 0o755 } },
    commands: {
      ...recordedUnits(
        Object.fromEntries(
          running.map(({ unit }) => [unit, { Type: 'notify', ...propertiesOf(files, unit) }]),
        ),
      ).commands,
      'nginx -t -c /etc/nginx/nginx.conf': 'ok',
    },
    spaces: {
      '/var/lib/mysql': {
        totalBytes: 40 * GiB,
        freeBytes: 20 * GiB,
        totalInodes: 1_000_000,
        freeInodes: 900_000,
      },
    },
  };
}

/** Lines of what is added to a unit. */
function propertiesOf(files: readonly RenderedFile[], unit: string): Readonly<Record<string, string>> {
  const dropIn = files.find(({ path }) => path === `/etc/systemd/system/${unit}.d/50-maque.conf`);
  const lines = dropIn?.content.matchAll(/^([A-Z]\w+)=(.*)$/gm) ?? [];
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

/** 127.0.0.1: 3306, 6379; all: 80, 443. */
const LISTENING = `  sl  local_address rem_address   st
${['0100007F:0CEA', '0100007F:18EB', '00000000:0050', '00000000:01BB']
  .map(
    (at, row) =>
      `   ${row}: ${at} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 15060 1 0 100 0 0 10 0\n`,
  )
  .join('')}`;

async function findings(recording: HostRecording): Promise<readonly string[]> {
  const patient = new Patient(recordedHost(recording));
  const asked = checks.filter(({ group, id }) => GROUPS.has(group) || id === 'A10');
  const outcomes = await Promise.all(
    asked.map(async (check) => (await check.look(patient)).map((outcome) => ({ id: check.id, outcome }))),
  );
  return outcomes
    .flat()
    .flatMap(({ id, outcome }) => (outcome.kind === 'finding' ? [`${id}: ${outcome.evidence}`] : []));
}

describe('the doctor, on a box with the rendered files of nginx, a database and Redis', () => {
  it('looks at all of them', async () => {
    const plan = planBox(shopRequest());
    if (!plan.fits) throw new Error('the shop does not fit');
    const patient = new Patient(recordedHost(boxOf(plan)));
    const lookedAt = async (id: string) => {
      const outcomes = await checks.find((check) => check.id === id)?.look(patient);
      return outcomes?.map(({ kind }) => kind);
    };
    const told = [
      'B4',
      'B5',
      'B6',
      'B7',
      'D1',
      'D3',
      'D4',
      'D5',
      'D7',
      'D8',
      'E1',
      'F2',
      'F3',
      'F4',
      'F5',
      'F8',
      'F10',
    ];
    for (const id of told) expect([id, await lookedAt(id)]).toEqual([id, expect.arrayContaining(['ok'])]);
  });

  it('says nothing, whatever the plan', async () => {
    const plans = fittingPlans().filter(({ services, request }) => {
      // Whoever gives a database more than the plan would is told of it, and rightly so.
      const isAdvised = request.services.every(
        (one) =>
          !(one.kind === 'mariadb' || one.kind === 'mysql') ||
          (one.performanceSchema !== true && one.poolBytes === undefined && one.connections === undefined),
      );
      const count = (...kinds: readonly string[]) =>
        services.filter(({ kind }) => kinds.includes(kind)).length;
      return isAdvised && count('nginx') <= 1 && count('mariadb', 'mysql') <= 1 && count('redis') <= 1;
    });
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        expect(await findings(boxOf(plan))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
