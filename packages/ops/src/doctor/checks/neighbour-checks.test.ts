import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import type { Check, Outcome } from '../check.ts';
import { Patient } from '../patient.ts';
import { cloudAgents } from './cloud-agents.ts';
import { gunicorn } from './gunicorn.ts';
import { inspectorOpen } from './inspector-open.ts';
import { javaHeap } from './java-heap.ts';
import { javaTotal } from './java-total.ts';
import { monitoring } from './monitoring.ts';
import { packageJobs, SHOW_TIMERS } from './package-jobs.ts';
import { uvicorn } from './uvicorn.ts';

const BOX = {
  '/proc/meminfo': `MemTotal: ${1960 * 1024} kB\nMemAvailable: ${900 * 1024} kB\n`,
  '/proc/stat': 'cpu  1 2\ncpu0 1 2\ncpu1 1 2\n',
  '/proc/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
};

function server(
  processes: readonly RecordedProcess[],
  files: HostRecording['files'] = {},
  more: Omit<HostRecording, 'files'> = {},
): HostRecording {
  const recorded = recordedProcesses([{ pid: 1, executable: '/usr/lib/systemd/systemd' }, ...processes]);
  return {
    ...more,
    files: { ...BOX, ...recorded.files, ...files },
    links: { ...recorded.links, ...more.links },
  };
}

async function look(check: Check, recording: HostRecording): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording)));
}

async function kinds(check: Check, recording: HostRecording): Promise<readonly string[]> {
  return (await look(check, recording)).map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

/** A host on which processes cannot be listed. */
async function hidden(check: Check): Promise<readonly string[]> {
  const host = recordedHost({ files: BOX });
  const closed = { ...host, list: async () => ({ kind: 'unreadable', reason: 'EACCES' }) as const };
  return (await check.look(new Patient(closed))).map(({ kind }) => kind);
}

describe.each([gunicorn, uvicorn, javaHeap, javaTotal, cloudAgents])('$id $name', (check) => {
  it('has nothing to say where there is none, and says unknown where none can be seen', async () => {
    expect(await kinds(check, server([]))).toEqual(['not-applicable']);
    expect(await hidden(check)).toEqual(['unknown']);
  });
});

describe('H1 gunicorn', () => {
  const started = (...words: string[]): RecordedProcess => ({
    pid: 300,
    executable: '/usr/bin/python3.11',
    commandLine: ['/srv/venv/bin/python3', '/srv/venv/bin/gunicorn', ...words, 'app:app'],
    cgroup: '/system.slice/shop.service',
  });
  const workers = (count: number): readonly RecordedProcess[] =>
    Array.from({ length: count }, (_, at) => ({ ...started(), pid: 301 + at, parent: 300, rssMb: 60 }));
  const renewing = started('--max-requests=1000');

  it('is fine with a worker or two a processor that are renewed', async () => {
    expect(await kinds(gunicorn, server([renewing, ...workers(5)]))).toEqual(['ok']);
    const config = { '/srv/shop/gunicorn.conf.py': 'max_requests = 1000\n' };
    const links = { '/proc/300/cwd': '/srv/shop' };
    expect(await kinds(gunicorn, server([started(), ...workers(2)], config, { links }))).toEqual(['ok']);
  });

  it('finds too many of them', async () => {
    expect(await look(gunicorn, server([renewing, ...workers(6)]))).toMatchObject([
      { severity: 'warning', data: { name: 'shop.service', workers: 6, cores: 2, memory: '370 MiB' } },
    ]);
  });

  it('remarks on workers that are never renewed, and says unknown where a title hides it', async () => {
    expect(await kinds(gunicorn, server([started(), ...workers(2)]))).toEqual(['info']);
    const titled = { ...started(), commandLine: ['gunicorn: master [app:app]'] };
    expect(await kinds(gunicorn, server([titled]))).toEqual(['unknown']);
  });

  it('finds the switch that does not exist, where it keeps the service from starting', async () => {
    const unit = {
      '/etc/systemd/system/shop.service': 'ExecStart=gunicorn --worker-memory-limit 300M app:app\n',
    };
    expect(await look(gunicorn, server([], unit))).toMatchObject([
      { severity: 'critical', data: { path: '/etc/systemd/system/shop.service' } },
    ]);
    const config = { '/srv/shop/gunicorn.conf.py': 'worker_memory_limit = 300\nmax_requests = 9\n' };
    const links = { '/proc/300/cwd': '/srv/shop' };
    expect(await kinds(gunicorn, server([started()], config, { links }))).toEqual(['warning']);
  });
});

describe('H2 uvicorn', () => {
  const started = (...words: string[]): RecordedProcess => ({
    pid: 300,
    executable: '/usr/bin/python3.11',
    commandLine: ['python3', '-m', 'uvicorn', 'app:app', ...words],
  });

  it.each([
    [['--limit-concurrency', '100'], ['ok']],
    [[], ['info']],
    [['--reload', '--limit-concurrency=100'], ['warning']],
  ])('%j: %j', async (words, expected) => {
    expect(await kinds(uvicorn, server([started(...words)]))).toEqual(expected);
  });
});

describe('Java', () => {
  const java = (
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): RecordedProcess => ({
    pid: 400,
    executable: '/usr/lib/jvm/java-17/bin/java',
    commandLine: ['java', ...words, '-jar', 'shop.jar'],
    cgroup: '/system.slice/shop.service',
    environment,
    status: 'Threads:\t40\n',
  });
  const limited = (mb: number) => ({
    '/sys/fs/cgroup/system.slice/shop.service/memory.max': `${mb * MiB}\n`,
  });
  const small = ['-Xmx256m', '-Xss512k', '-XX:ReservedCodeCacheSize=64m', '-XX:MaxMetaspaceSize=112m'];

  it('H3 wants a limit of the heap, wherever it stands', async () => {
    expect(await kinds(javaHeap, server([java(['-Xmx256m'])]))).toEqual(['ok']);
    expect(
      await kinds(javaHeap, server([java([], { JAVA_TOOL_OPTIONS: '-Dx=1 -XX:MaxRAMPercentage=40' })])),
    ).toEqual(['ok']);
    expect(await look(javaHeap, server([java([])]))).toMatchObject([
      { severity: 'warning', data: { heap: '490 MiB' } },
    ]);
    expect(await look(javaHeap, server([java([])], limited(400)))).toMatchObject([
      { data: { heap: '100 MiB' } },
    ]);
  });

  it('H3 says unknown where the environment may not be read', async () => {
    expect(await kinds(javaHeap, server([java([])], { '/proc/400/environ': null }))).toEqual(['unknown']);
  });

  it('H4 adds all parts up', async () => {
    // 256 + 112 + 64 + 40 × 0.5 + 10 = 462
    expect(await kinds(javaTotal, server([java(small)], limited(463)))).toEqual(['ok']);
    const [outcome] = await look(javaTotal, server([java(small)], limited(461)));
    expect(outcome).toMatchObject({
      severity: 'critical',
      data: { sum: '462 MiB', room: '461 MiB', threads: 40 },
    });
    expect(outcome?.kind === 'finding' ? outcome.fix[0]?.lines[0] : '').toBe('-Xmx265m');
    expect(await kinds(javaTotal, server([java(['-Xmx1536m'])]))).toEqual(['critical']);
  });

  it('H4 says unknown without the size of the box', async () => {
    expect(await kinds(javaTotal, server([java(small)], { '/proc/meminfo': null }))).toEqual(['unknown']);
  });
});

describe('H5 monitoring', () => {
  const prometheus: RecordedProcess = { pid: 500, executable: '/usr/bin/prometheus' };
  const exporter: RecordedProcess = { pid: 501, executable: '/usr/bin/prometheus-node-exporter' };
  const alertmanager: RecordedProcess = { pid: 502, executable: '/usr/bin/alertmanager' };
  const whole = `rule_files:\n  - rules/*.yml\nalerting:\n  alertmanagers:\n    - static_configs: []\n`;
  const configured = (text: string | null) => ({ '/etc/prometheus/prometheus.yml': text });

  it.each([
    ['the whole chain', [prometheus, exporter], configured(whole), ['ok']],
    ['no rules', [prometheus, exporter], configured('rule_files:\nscrape_configs: []\n'), ['warning']],
    ['nobody to tell', [prometheus, exporter], configured('rule_files:\n- a.yml\n'), ['warning']],
    ['no exporter', [prometheus], configured(whole), ['warning']],
    ['a configuration that may not be read', [prometheus, exporter], configured(null), ['unknown']],
    ['only an exporter, collected elsewhere', [exporter], {}, ['ok']],
    ['nobody at all', [], {}, ['info']],
    ['a container', [], { '/.dockerenv': '' }, ['not-applicable']],
    [
      'Maque',
      [{ pid: 9, executable: '/usr/bin/node', commandLine: ['node', '/usr/bin/maque', 'start'] }],
      {},
      ['ok'],
    ],
  ])('%s', async (_what, processes, files, expected) => {
    expect(await kinds(monitoring, server(processes, files as HostRecording['files']))).toEqual(expected);
  });

  it('looks for an address in Alertmanager', async () => {
    const file = (text: string) => ({ '/etc/prometheus/alertmanager.yml': text });
    const none = server([alertmanager], file("receivers:\n- name: 'team'\n"));
    const some = server(
      [alertmanager],
      file("receivers:\n- name: 'team'\n  wechat_configs:\n  - corp_id: x\n"),
    );
    expect(await kinds(monitoring, none)).toEqual(['warning']);
    expect(await kinds(monitoring, some)).toEqual(['ok']);
  });

  it('says unknown where processes cannot be seen', async () => {
    expect(await hidden(monitoring)).toEqual(['unknown']);
  });
});

describe('H6 cloud-agents', () => {
  const agent = (executable: string, rssMb: number, pid = 600): RecordedProcess => ({
    pid,
    executable,
    rssMb,
  });

  it('counts them by vendor', async () => {
    expect(
      await kinds(cloudAgents, server([agent('/usr/local/qcloud/YunJing/YDEyes/YDService', 30)])),
    ).toEqual(['ok']);
    const both = [
      agent('/usr/local/aegis/AliYunDun', 70),
      agent('/www/server/panel/pyenv/bin/python3.7', 90, 601),
    ];
    expect(await look(cloudAgents, server(both))).toMatchObject([
      { severity: 'info', data: { memory: '160 MiB', agents: 'Alibaba Cloud 70 MiB, BT panel 90 MiB' } },
    ]);
  });
});

describe('H7 package-jobs', () => {
  const timer = (id: string, lines: string, state = 'active') => `${lines}Id=${id}\nActiveState=${state}\n`;
  const timers = (...blocks: string[]): HostRecording => ({
    files: BOX,
    commands: { [['systemctl', ...SHOW_TIMERS].join(' ')]: blocks.join('\n') },
  });
  const calendar = (when: string, delay: string) =>
    `TimersCalendar={ OnCalendar=${when} ; next_elapse=Fri 2026-05-01 06:00:00 CST }\nRandomizedDelayUSec=${delay}\n`;

  it.each([
    ["apt's own", timer('apt-daily.timer', calendar('*-*-* 06,18:00:00', '12h')), ['warning']],
    ['before breakfast', timer('apt-daily-upgrade.timer', calendar('*-*-* 06:00:00', '1h')), ['ok']],
    ['at lunch', timer('dnf-automatic.timer', calendar('Mon *-*-* 12:30:00', '0')), ['warning']],
    [
      'an hour after its last end',
      timer(
        'dnf-makecache.timer',
        'TimersMonotonic={ OnUnitInactiveUSec=1h ; next_elapse=1h }\nRandomizedDelayUSec=0\n',
      ),
      ['warning'],
    ],
    [
      'one that is off',
      timer('apt-daily.timer', calendar('*-*-* 06,18:00:00', '12h'), 'inactive'),
      ['not-applicable'],
    ],
  ])('%s', async (_what, block, expected) => {
    expect(await kinds(packageJobs, timers(block))).toEqual(expected);
  });

  it('moves one to the night', async () => {
    const [outcome] = await look(
      packageJobs,
      timers(timer('apt-daily.timer', calendar('*-*-* 06,18:00:00', '12h'))),
    );
    const repair = outcome?.kind === 'finding' ? outcome.repair : undefined;
    expect(repair?.path).toBe('/etc/systemd/system/apt-daily.timer.d/zz-maque-night.conf');
    expect(repair?.rewrite(null)).toContain('OnCalendar=\nOnCalendar=*-*-* 04:10\n');
  });

  it('leaves large boxes alone, and says unknown where systemd may not be asked', async () => {
    const block = timer('apt-daily.timer', calendar('*-*-* 06,18:00:00', '12h'));
    const large = { ...BOX, '/proc/meminfo': 'MemTotal: 8000000 kB\nMemAvailable: 1 kB\n' };
    expect(await kinds(packageJobs, { ...timers(block), files: large })).toEqual(['not-applicable']);
    const refused = { [['systemctl', ...SHOW_TIMERS].join(' ')]: null };
    expect(await kinds(packageJobs, { files: BOX, commands: refused })).toEqual(['unknown']);
    expect(await kinds(packageJobs, { files: BOX })).toEqual(['not-applicable']);
  });
});

describe('C11 inspector-open', () => {
  const node: RecordedProcess = { pid: 900, executable: '/usr/bin/node', commandLine: ['node', 'app.js'] };
  const listening = (address: string, port: string) => ({
    '/proc/net/tcp': `0: ${address}:${port} 00000000:0000 0A 0:0 00:0 0 0 0 1526 1\n`,
  });

  it.each([
    ['open to all', [node], listening('00000000', '240D'), ['critical']],
    ['on this box', [node], listening('0100007F', '240D'), ['warning']],
    ['none', [node], listening('00000000', '1F90'), ['ok']],
    [
      'one that a flag opened, which C8 tells',
      [{ ...node, commandLine: ['node', '--inspect', 'app.js'] }],
      listening('0100007F', '240D'),
      ['ok'],
    ],
    ['no Node at all', [], listening('00000000', '240D'), ['not-applicable']],
    ['sockets that may not be read', [node], { '/proc/net/tcp': null }, ['unknown']],
  ])('%s', async (_what, processes, files, expected) => {
    expect(await kinds(inspectorOpen, server(processes, files as HostRecording['files']))).toEqual(expected);
  });
});
