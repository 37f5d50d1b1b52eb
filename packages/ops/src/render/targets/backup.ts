import type { BoxPlan } from '../../plan/box/box-plan.ts';
import type { PlannedDatabase } from '../../plan/box/planned-service.ts';
import { appPlaces } from '../app-places.ts';
import { type ConfigEntry, numbered, writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderOptions, RenderTarget } from '../target.ts';
import { copyScript } from './backup/copy-script.ts';
import { dumpScript } from './backup/dump-script.ts';
import { meanings } from './backup/meanings.ts';
import { type BackupPlaces, backupPlaces } from './backup/places.ts';
import { emptyFileOnce } from './systemd/empty-file.ts';
import { hardeningLines } from './systemd/hardening-lines.ts';

const FOLDER = '/etc/systemd/system';
const RELOAD = ['systemctl', 'daemon-reload'] as const;
const DUMP_MEMORY_MB = 96;
const COPY_MEMORY_MB = 256;
const OOM_SCORE = 800;
const TIMEOUT_SECONDS = 7_200;

/** A logical backup every night: of the database where there is one, else of Maque's own. */
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
    if (database !== undefined) return dumps(database.kind, options);
    const hasMaque = appPlaces(plan, options).some(
      ({ isMain, service }) => isMain && service.kind === 'maque',
    );
    return hasMaque ? copies(plan, options) : [];
  },
};

function dumps(kind: PlannedDatabase['kind'], options: RenderOptions): readonly RenderedFile[] {
  const places = backupPlaces(options);
  const { account, folder, optionFile } = places;
  const sysusers = `/etc/sysusers.d/maque-${places.unit}.conf`;
  return [
    {
      target: 'backup',
      path: sysusers,
      content: text(options, [`u ${account} - "Backups of ${options.app}" ${folder}`]),
      apply: ['systemd-sysusers', sysusers],
    },
    ...common(places, account, dumpScript(kind, places, options), DUMP_MEMORY_MB, [], options).map((file) =>
      file.path.endsWith('.timer')
        ? { ...file, next: [emptyFileOnce(optionFile, account), ...(file.next ?? [])] }
        : file,
    ),
  ];
}

function copies(_plan: BoxPlan, options: RenderOptions): readonly RenderedFile[] {
  const places = backupPlaces(options);
  const writes = [options.dataDir];
  return common(places, options.user, copyScript(places, options), COPY_MEMORY_MB, writes, options);
}

function common(
  places: BackupPlaces,
  user: string,
  script: string,
  memoryMb: number,
  writes: readonly string[],
  options: RenderOptions,
): readonly RenderedFile[] {
  const { unit, folder } = places;
  const tmpfiles = `/etc/tmpfiles.d/maque-${unit}.conf`;
  return [
    {
      target: 'backup',
      path: tmpfiles,
      content: text(options, [`d ${folder} 0700 ${user} ${user} -`]),
      apply: ['systemd-tmpfiles', '--create', tmpfiles],
    },
    { target: 'backup', path: places.script, content: script, mode: 0o755 },
    {
      target: 'backup',
      path: `${FOLDER}/${unit}.service`,
      content: text(options, serviceLines(places, user, memoryMb, writes, options)),
      apply: RELOAD,
    },
    {
      target: 'backup',
      path: `${FOLDER}/${unit}.timer`,
      content: text(options, [
        '[Unit]',
        `Description=Backup of ${options.app} every night`,
        '',
        '[Timer]',
        numbered(meanings.hour, '', 'OnCalendar=*-*-* 03:20', 'RandomizedDelaySec=10min'),
        'Persistent=true',
        '',
        '[Install]',
        'WantedBy=timers.target',
      ]),
      apply: RELOAD,
      next: [`systemctl enable --now ${unit}.timer`],
    },
  ];
}

function serviceLines(
  { unit, script, folder }: BackupPlaces,
  user: string,
  memoryMb: number,
  writes: readonly string[],
  { app, appDir, dataDir, node }: RenderOptions,
): readonly ConfigEntry[] {
  const isMaque = writes.length > 0;
  return [
    '[Unit]',
    `Description=Backup of ${app}`,
    '',
    '[Service]',
    'Type=oneshot',
    `User=${user}`,
    `Group=${user}`,
    ...(isMaque ? [`WorkingDirectory=${appDir}`, `EnvironmentFile=-/etc/maque/${app}.env`] : []),
    `ExecStart=${script}`,
    numbered(meanings.timeout, '', `TimeoutStartSec=${TIMEOUT_SECONDS}`),
    `SyslogIdentifier=${unit}`,
    '',
    numbered(meanings.MemoryMax, '', `MemoryMax=${memoryMb}M`),
    numbered(meanings.OOMScoreAdjust, '', `OOMScoreAdjust=${OOM_SCORE}`),
    numbered(meanings.Nice, '', 'Nice=19'),
    'IOSchedulingClass=idle',
    '',
    ...hardeningLines({
      reads: [appDir, node],
      writes: [folder, ...(isMaque ? [dataDir] : [])],
      compiles: isMaque,
      families: ['AF_UNIX', 'AF_INET', 'AF_INET6'],
    }),
    // Nothing of a backup leaves the box by itself, unless the files lie in an object store.
    ...(isMaque ? [] : ['IPAddressDeny=any', 'IPAddressAllow=localhost']),
  ];
}

function text({ language }: RenderOptions, lines: readonly ConfigEntry[]): string {
  return writeConfig([headOf('backup', language), ...lines], language);
}
