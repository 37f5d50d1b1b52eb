import type { PlannedDatabase } from '../../plan/box/planned-service.ts';
import { appPlaces } from '../app-places.ts';
import { type ConfigEntry, numbered, writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderOptions, RenderTarget } from '../target.ts';
import { copyScript } from './backup/copy-script.ts';
import { dumpScript } from './backup/dump-script.ts';
import { meanings } from './backup/meanings.ts';
import { type BackupPlaces, backupPlaces, dumpPlaces } from './backup/places.ts';
import { emptyFileOnce } from './systemd/empty-file.ts';
import { hardeningLines } from './systemd/hardening-lines.ts';

const FOLDER = '/etc/systemd/system';
const RELOAD = ['systemctl', 'daemon-reload'] as const;
const DUMP_MEMORY_MB = 96;
const COPY_MEMORY_MB = 256;
const OOM_SCORE = 800;
const TIMEOUT_SECONDS = 7_200;
/** By the names of Debian and of Red Hat; one that is not there is skipped. */
const UNITS = { mariadb: 'mariadb.service', mysql: 'mysql.service mysqld.service' } as const;

/** A logical backup every night: of what Maque keeps, and of a database beside it. */
export const backup: RenderTarget = {
  name: 'backup',
  summary: {
    en: 'A backup every night, with a look at the free space, a check that it is whole, and rotation',
    zh: '每晚一次逻辑备份:检查空间、校验完整、自动轮换',
  },
  belongsTo: 'server',
  meanings,
  render(plan, options) {
    const database = plan.services.find(
      (service): service is PlannedDatabase => service.kind === 'mariadb' || service.kind === 'mysql',
    );
    const hasMaque = appPlaces(plan, options).some(
      ({ isMain, service }) => isMain && service.kind === 'maque',
    );
    return [
      ...(hasMaque ? copies(options) : []),
      ...(database === undefined ? [] : dumps(database.kind, options)),
    ];
  },
};

/** What differs between the two. */
interface Job {
  readonly places: BackupPlaces;
  readonly description: string;
  /** Not both at once: two processes that read a whole disk. */
  readonly hour: string;
  readonly script: string;
  readonly memoryMb: number;
  /** For the section `[Unit]`. */
  readonly after: readonly string[];
  /** For the section `[Service]`. */
  readonly start: readonly string[];
  readonly writes: readonly string[];
  /** Node needs it. */
  readonly compiles: boolean;
  readonly network: readonly string[];
  readonly next: readonly string[];
}

function dumps(kind: PlannedDatabase['kind'], options: RenderOptions): readonly RenderedFile[] {
  const places = dumpPlaces(options);
  const { unit, account, folder, optionFile } = places;
  const sysusers = `/etc/sysusers.d/maque-${unit}.conf`;
  return [
    {
      target: 'backup',
      path: sysusers,
      content: text(options, [`u ${account} - "Backups of ${options.app}" ${folder}`]),
      apply: ['systemd-sysusers', sysusers],
    },
    ...filesOf(
      {
        places,
        description: `Backup of the database of ${options.app}`,
        hour: '03:40',
        script: dumpScript(kind, places, options),
        memoryMb: DUMP_MEMORY_MB,
        // One that was missed is made up for right after the start of the machine.
        after: [`After=${UNITS[kind]}`],
        start: [],
        writes: [folder],
        compiles: false,
        network: ['IPAddressDeny=any', 'IPAddressAllow=localhost'],
        next: [emptyFileOnce(optionFile, account)],
      },
      options,
    ),
  ];
}

function copies(options: RenderOptions): readonly RenderedFile[] {
  const { app, appDir, dataDir } = options;
  const places = backupPlaces(options);
  return filesOf(
    {
      places,
      description: `Backup of ${app}`,
      hour: '03:20',
      script: copyScript(places, options),
      memoryMb: COPY_MEMORY_MB,
      after: [],
      start: [`WorkingDirectory=${appDir}`, `EnvironmentFile=-/etc/maque/${app}.env`],
      // As one place, so that uploaded files get a second name instead of a copy: links do not lead from one of
      // systemd's places to another.
      writes: dataDir.startsWith('/var/') ? ['/var'] : [places.folder, dataDir],
      compiles: true,
      // Nothing of a backup leaves the box by itself, unless the files lie in an object store.
      network: [],
      next: [],
    },
    options,
  );
}

function filesOf(job: Job, options: RenderOptions): readonly RenderedFile[] {
  const { unit, account, folder, script } = job.places;
  const tmpfiles = `/etc/tmpfiles.d/maque-${unit}.conf`;
  return [
    {
      target: 'backup',
      path: tmpfiles,
      content: text(options, [`d ${folder} 0700 ${account} ${account} -`]),
      apply: ['systemd-tmpfiles', '--create', tmpfiles],
    },
    { target: 'backup', path: script, content: job.script, mode: 0o755 },
    {
      target: 'backup',
      path: `${FOLDER}/${unit}.service`,
      content: text(options, serviceLines(job, options)),
      apply: RELOAD,
    },
    {
      target: 'backup',
      path: `${FOLDER}/${unit}.timer`,
      content: text(options, timerLines(job)),
      apply: RELOAD,
      next: [...job.next, `systemctl enable --now ${unit}.timer`],
    },
  ];
}

function timerLines({ description, hour }: Job): readonly ConfigEntry[] {
  return [
    '[Unit]',
    `Description=${description} every night`,
    '',
    '[Timer]',
    numbered(meanings.hour, '', `OnCalendar=*-*-* ${hour}`, 'RandomizedDelaySec=10min'),
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
  ];
}

function serviceLines(job: Job, { appDir, node }: RenderOptions): readonly ConfigEntry[] {
  const { places, description, memoryMb, after, start, writes, compiles, network } = job;
  return [
    '[Unit]',
    `Description=${description}`,
    ...after,
    '',
    '[Service]',
    'Type=oneshot',
    `User=${places.account}`,
    `Group=${places.account}`,
    ...start,
    `ExecStart=${places.script}`,
    numbered(meanings.timeout, '', `TimeoutStartSec=${TIMEOUT_SECONDS}`),
    `SyslogIdentifier=${places.unit}`,
    '',
    numbered(meanings.MemoryMax, '', `MemoryMax=${memoryMb}M`),
    numbered(meanings.OOMScoreAdjust, '', `OOMScoreAdjust=${OOM_SCORE}`),
    numbered(meanings.Nice, '', 'Nice=19'),
    'IOSchedulingClass=idle',
    '',
    ...hardeningLines({
      reads: [appDir, node],
      writes,
      compiles,
      families: ['AF_UNIX', 'AF_INET', 'AF_INET6'],
    }),
    ...network,
  ];
}

function text({ language }: RenderOptions, lines: readonly ConfigEntry[]): string {
  return writeConfig([headOf('backup', language), ...lines], language);
}
