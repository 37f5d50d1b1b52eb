import { type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { hardeningLines } from '../systemd/hardening-lines.ts';
import { meanings } from './meanings.ts';
import type { BackupPlaces } from './places.ts';

const FOLDER = '/etc/systemd/system';
const RELOAD = ['systemctl', 'daemon-reload'] as const;
const OOM_SCORE = 800;
const TIMEOUT_SECONDS = 7_200;

/** What differs between a backup of Maque and one of a database. */
export interface BackupJob {
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

/** The script, and what starts it every night. */
export function backupFiles(job: BackupJob, options: RenderOptions): readonly RenderedFile[] {
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

function timerLines({ description, hour }: BackupJob): readonly ConfigEntry[] {
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

function serviceLines(job: BackupJob, { appDir, node }: RenderOptions): readonly ConfigEntry[] {
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

export function text({ language }: RenderOptions, lines: readonly ConfigEntry[]): string {
  return writeConfig([headOf('backup', language), ...lines], language);
}
