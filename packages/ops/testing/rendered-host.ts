import { GiB, HOUR, KiB, MiB, parseBytes } from '@maque/kit';
import { SHOW_TIMERS } from '../src/doctor/checks/package-jobs.ts';
import { QUIET_HOURS } from '../src/doctor/facts/quiet-hours.ts';
import type { BoxPlan } from '../src/plan/box/box-plan.ts';
import { appPlaces } from '../src/render/app-places.ts';
import type { RenderedFile } from '../src/render/rendered-file.ts';
import type { RenderOptions } from '../src/render/target.ts';
import { CHAIN } from './nginx-recordings.ts';
import type { HostRecording } from './recorded-host.ts';
import { LEAST_RSS_MB, type RecordedProcess, recordedProcesses } from './recorded-process.ts';
import { recordedUnits } from './recorded-units.ts';
import { V2 } from './unit-recordings.ts';

const UNITS = '/etc/systemd/system';
/** What has a smaller one belongs to the system. */
const FIRST_PLANNED_PID = 100;
const NOW_MS = Date.UTC(2026, 4, 1, 9);
/** What runs of the distribution's own, by kind. */
const PROGRAMS: Readonly<Record<string, { readonly executable: string; readonly unit: string }>> = {
  nginx: { executable: '/usr/sbin/nginx', unit: 'nginx.service' },
  mariadb: { executable: '/usr/sbin/mariadbd', unit: 'mariadb.service' },
  mysql: { executable: '/usr/sbin/mysqld', unit: 'mysql.service' },
  redis: { executable: '/usr/bin/redis-server', unit: 'redis-server.service' },
};
const TITLES: Readonly<Record<string, string>> = {
  nginx: 'nginx: master process /usr/sbin/nginx',
  redis: '/usr/bin/redis-server 127.0.0.1:6379',
};

/** A server on which a rendered tree is in place, and everything of it runs; it is healthy as far as the files make it so. */
export function renderedHost(
  plan: BoxPlan,
  files: readonly RenderedFile[],
  options: RenderOptions,
): HostRecording {
  const units = unitsOf(plan, files, options);
  const processes = processesOf(plan, files, options);
  const recorded = recordedProcesses(processes);
  const { cores } = plan.request.box;
  const own = files.filter(({ path }) => path.startsWith('/'));
  return {
    nowMs: NOW_MS,
    files: {
      ...recorded.files,
      ...V2,
      ...Object.fromEntries(own.map(({ path, content }) => [path, content])),
      ...kernelSettings(files),
      ...groupLimits(units),
      '/proc/meminfo': meminfo(plan, processes),
      '/proc/swaps': swaps(plan, files),
      '/proc/stat': `cpu  1 2 3 4\n${Array.from({ length: cores }, (_, at) => `cpu${at} 1 2 3 4\n`).join('')}`,
      '/proc/vmstat': 'pswpin 0\npswpout 0\noom_kill 0\n',
      '/proc/pressure/memory': PRESSURE,
      '/proc/net/tcp': LISTENING,
      '/proc/mounts': `/dev/vda1 / ext4 rw,relatime 0 0\n${V2['/proc/mounts']}`,
      '/sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
      '/etc/mysql/my.cnf': '!includedir /etc/mysql/mysql.conf.d/\n!includedir /etc/mysql/mariadb.conf.d/\n',
      '/etc/mysql/mariadb.conf.d/50-server.cnf': '[mysqld]\nexpire_logs_days = 10\n',
      '/etc/mysql/mysql.conf.d/mysqld.cnf': '[mysqld]\nkey_buffer_size = 16M\n',
      '/var/log/nginx/access.log': 'a line\n',
      '/var/log/journal/1/system.journal': 'LPKSHHRH',
      [options.certificate]: CHAIN,
      [options.certificateKey]: 'a key',
      ...backups(files, options),
      // In prod Maque makes its own every day.
      [`${options.dataDir}/backups/2026-05-01T030000.000Z/backup.json`]: '{}',
    },
    links: { ...recorded.links, '/proc/900/cwd': options.appDir },
    facts: {
      [options.certificateKey]: { mode: 0o600 },
      [`${options.dataDir}/maque.db`]: { mode: 0o600 },
      '/usr/sbin/nginx': { mode: 0o755 },
    },
    spaces: {
      '/': {
        totalBytes: 40 * GiB,
        freeBytes: 30 * GiB,
        totalInodes: 2_600_000,
        freeInodes: 2_500_000,
      },
    },
    commands: {
      ...recordedUnits(units).commands,
      ...timers(files),
      'nginx -t -c /etc/nginx/nginx.conf': 'ok',
      'journalctl --disk-usage': 'Archived and active journals take up 90.0M in the file system.\n',
      'timedatectl show': 'NTP=yes\nNTPSynchronized=yes\n',
    },
  };
}

/** Settings of a unit out of its own file and of what is added to it. */
function settingsOf(files: readonly RenderedFile[], unit: string): Readonly<Record<string, string>> {
  const parts = files.filter(
    ({ path }) => path === `${UNITS}/${unit}` || path.startsWith(`${UNITS}/${unit}.d/`),
  );
  const lines = parts.flatMap(({ content }) => [...content.matchAll(/^([A-Z]\w+)=(.*)$/gm)]);
  return Object.fromEntries(lines.map(([, name, value]) => [name, value]));
}

function unitsOf(plan: BoxPlan, files: readonly RenderedFile[], options: RenderOptions) {
  const names = [
    ...appPlaces(plan, options).map(({ name }) => `${name}.service`),
    ...plan.services.flatMap(({ kind }) => PROGRAMS[kind]?.unit ?? []),
    'ssh.service',
  ];
  const services = names.map((name) => {
    const { Slice = 'system.slice', Type = 'notify', ...settings } = settingsOf(files, name);
    return [name, { Type, ControlGroup: `/${Slice}/${name}`, ...shown(settings) }] as const;
  });
  const slices = ['apps.slice', 'databases.slice'].map((name) => {
    return [
      name,
      { Type: '', ControlGroup: `/${name}`, Restart: '', ...shown(settingsOf(files, name)) },
    ] as const;
  });
  return Object.fromEntries([...services, ...slices]);
}

/** What systemd tells the kernel of each unit's limit. */
function groupLimits(units: ReturnType<typeof unitsOf>): Readonly<Record<string, string>> {
  const limits = Object.values<{ readonly ControlGroup?: string; readonly MemoryMax?: string }>(
    units,
  ).flatMap(({ ControlGroup, MemoryMax }) => {
    const bytes = MemoryMax === undefined ? undefined : parseBytes(MemoryMax);
    return bytes === undefined ? [] : [[`/sys/fs/cgroup${ControlGroup}/memory.max`, `${bytes}\n`]];
  });
  return Object.fromEntries(limits);
}

/** Of what is set, what `systemctl show` is asked for. */
function shown(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const asked = ['Restart', 'OOMPolicy', 'MemoryMax', 'MemoryHigh', 'TasksMax'];
  return Object.fromEntries(Object.entries(settings).filter(([name]) => asked.includes(name)));
}

function processesOf(
  plan: BoxPlan,
  files: readonly RenderedFile[],
  options: RenderOptions,
): readonly RecordedProcess[] {
  const inUnit = (unit: string, pid: number, process: Partial<RecordedProcess>): RecordedProcess => {
    const settings = settingsOf(files, unit);
    return {
      pid,
      cgroup: `/${settings.Slice ?? 'system.slice'}/${unit}`,
      oomScoreAdj: Number(settings.OOMScoreAdjust ?? 0),
      oomScore: 500,
      openFiles: Number(settings.LimitNOFILE ?? 1_024),
      ...process,
    };
  };
  const neighbours = plan.services.flatMap(({ kind }, index) => {
    const program = PROGRAMS[kind];
    if (program === undefined) return [];
    const { executable, unit } = program;
    const first = inUnit(unit, FIRST_PLANNED_PID + 10 * index, {
      executable,
      commandLine: [TITLES[kind] ?? executable],
    });
    const worker = {
      ...first,
      pid: first.pid + 1,
      parent: first.pid,
      commandLine: ['nginx: worker process'],
    };
    return kind === 'nginx' ? [first, worker] : [first];
  });
  const sshd = inUnit('ssh.service', 50, {
    executable: '/usr/sbin/sshd',
    commandLine: ['sshd: /usr/sbin/sshd -D'],
    // By itself; no unit says so.
    oomScoreAdj: -1_000,
  });
  const earlyoom = { pid: 60, executable: '/usr/bin/earlyoom', cgroup: '/system.slice/earlyoom.service' };
  const apps = appPlaces(plan, options).flatMap(({ service, name }, index) => {
    const pid = 900 + 10 * index;
    // Of other apps it is known where they run, not how they were written; PM2 keeps its own beside systemd.
    const hasUnit = files.some(({ path }) => path === `${UNITS}/${name}.service`);
    if (service.kind !== 'maque')
      return hasUnit ? [inUnit(`${name}.service`, pid, { executable: `/srv/bin/${service.kind}-app` })] : [];
    const { perWorker, workers } = service.budget;
    const environment = { NODE_ENV: 'production', MAQUE_DATA_DIR: options.dataDir, MAQUE_ENV: 'prod' };
    const node = { executable: options.node, comm: 'MainThread', environment, rssMb: 120, oomScore: 800 };
    const flags = [
      `--max-old-space-size=${perWorker.oldSpaceMb}`,
      `--max-semi-space-size=${perWorker.semiSpaceMb}`,
    ];
    const keeper = inUnit(`${name}.service`, pid, {
      ...node,
      commandLine: [
        options.node,
        '--max-old-space-size=32',
        '--max-semi-space-size=1',
        options.maque,
        'start',
        options.appDir,
      ],
    });
    return [
      keeper,
      ...Array.from({ length: workers }, (_, at) => ({
        ...keeper,
        pid: pid + at + 1,
        parent: pid,
        oomScoreAdj: perWorker.oomScoreAdj,
        commandLine: [options.node, ...flags, '/opt/maque/bundle/worker.js'],
      })),
    ];
  });
  return [sshd, earlyoom, ...neighbours, ...apps];
}

function kernelSettings(files: readonly RenderedFile[]): Readonly<Record<string, string>> {
  const lines = files
    .filter(({ path }) => path.startsWith('/etc/sysctl.d/'))
    .flatMap(({ content }) => [...content.matchAll(/^([\w.]+) = (\d+)$/gm)]);
  const set = Object.fromEntries(
    lines.map(([, name = '', value]) => [`/proc/sys/${name.replaceAll('.', '/')}`, `${value}\n`]),
  );
  return { ...KERNEL_DEFAULTS, ...set };
}

const KERNEL_DEFAULTS = {
  '/proc/sys/vm/overcommit_memory': '0\n',
  '/proc/sys/vm/swappiness': '60\n',
  '/proc/sys/vm/panic_on_oom': '0\n',
  '/proc/sys/vm/oom_kill_allocating_task': '0\n',
  '/proc/sys/vm/oom_dump_tasks': '1\n',
};

/** As systemd shows timers when what was added to them counts. */
function timers(files: readonly RenderedFile[]): NonNullable<HostRecording['commands']> {
  const blocks = Object.keys(QUIET_HOURS).map((timer) => {
    const { OnCalendar = '*-*-* 06,18:00', RandomizedDelaySec = '12h' } = settingsOf(files, timer);
    return [
      `Id=${timer}`,
      'ActiveState=active',
      `TimersCalendar={ OnCalendar=${OnCalendar}:00 ; next_elapse=n/a }`,
      `RandomizedDelayUSec=${RandomizedDelaySec}`,
    ].join('\n');
  });
  return { [['systemctl', ...SHOW_TIMERS].join(' ')]: `${blocks.join('\n\n')}\n` };
}

/** What was there before is left alone. */
function swaps({ request }: BoxPlan, files: readonly RenderedFile[]): string {
  const sizes = files.flatMap(({ content }) => [
    Number(/of=\/swapfile\S* bs=1M count=(\d+)/.exec(content)?.[1] ?? 0) * MiB,
    Number(/zramctl --size (\d+)/.exec(content)?.[1] ?? 0),
  ]);
  const bytes = [request.box.swapBytes ?? 0, ...sizes].find((size) => size > 0);
  const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  return bytes === undefined ? head : `${head}/swapfile file ${Math.floor(bytes / KiB)} 0 -2\n`;
}

function backups(files: readonly RenderedFile[], { app }: RenderOptions): Readonly<Record<string, string>> {
  const hasTimer = files.some(({ path }) => path.endsWith(`${app}-dump.timer`));
  const name = `${app}-${new Date(NOW_MS - 6 * HOUR).getTime()}.sql.gz`;
  return hasTimer ? { [`/var/backups/${app}-dump/${name}`]: 'a dump' } : {};
}

/** In use is what the planned services have, and the system as it was measured for the plan; unmeasured, half in all. */
function meminfo({ request }: BoxPlan, processes: readonly RecordedProcess[]): string {
  const { memoryBytes } = request.box;
  const osBytes = request.calibration?.osBytes;
  const ofProcesses = processes
    .filter(({ pid }) => pid >= FIRST_PLANNED_PID)
    .reduce((sum, { rssMb = LEAST_RSS_MB }) => sum + rssMb * MiB, 0);
  const kb = Math.floor(memoryBytes / KiB);
  const usedKb = osBytes === undefined ? Math.floor(kb / 2) : Math.ceil((ofProcesses + osBytes) / KiB);
  return `MemTotal: ${kb} kB\nMemAvailable: ${kb - usedKb} kB\nSUnreclaim: 60000 kB\nShmem: 9000 kB\nCommitLimit: ${kb} kB\nCommitted_AS: ${Math.floor(kb / 2)} kB\n`;
}

const PRESSURE =
  'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n';
/** 127.0.0.1: 3306, 6379, 8080; all: 80, 443. */
const LISTENING = `  sl  local_address rem_address   st\n${[
  '0100007F:0CEA',
  '0100007F:18EB',
  '0100007F:1F90',
  '00000000:0050',
  '00000000:01BB',
]
  .map(
    (at, row) =>
      `   ${row}: ${at} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 15060 1 0 100 0 0 10 0\n`,
  )
  .join('')}`;
