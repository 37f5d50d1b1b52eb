import type { Text } from '@maque/kit';
import { say } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { AppPlace } from '../../app-places.ts';
import { because, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { emptyFileOnce } from './empty-file.ts';
import { hardeningLines, stateLines } from './hardening-lines.ts';
import { limitLines, processLines, restartLines, startLimitLines } from './limit-lines.ts';
import { meanings } from './meanings.ts';
import { APPS_SLICE } from './slices.ts';

export const RELOAD = ['systemctl', 'daemon-reload'] as const;
export const UNIT_FOLDER = '/etc/systemd/system';
const STOP_SECONDS = 30;

const DESCRIPTION: Text = { en: '{name}, one of the apps of this box', zh: '{name}：本机应用' };
const SECRETS: Text = {
  en: 'Secrets and settings, as NAME=value; owned by root, mode 0600. Nothing here writes it.',
  zh: '密钥与设置，每行 NAME=value；属主 root，权限 0600。不会自动生成。',
};

/** What differs between the services of a box. */
export interface ServiceUnit {
  /** Without `.service`; `shop@` for a template. */
  readonly unit: string;
  readonly place: AppPlace;
  readonly dataDir: string;
  /** Lines that say how it is started; the command last. */
  readonly start: readonly ConfigEntry[];
  readonly environmentFile: string;
  /** Given where this file has them; a template leaves them to its instances. */
  readonly limits: readonly ConfigEntry[];
  readonly tasks: { readonly most: number; readonly formula: string };
  /** What it has to read besides its folder. */
  readonly reads: readonly string[];
}

export function serviceUnit(service: ServiceUnit, plan: BoxPlan, options: RenderOptions): RenderedFile {
  const { unit, place, dataDir } = service;
  const { language, user } = options;
  const content = writeConfig(
    [
      headOf('systemd', language),
      '[Unit]',
      `Description=${say(DESCRIPTION, language, { name: unit.endsWith('@') ? `${unit}%i` : unit })}`,
      'Wants=network-online.target',
      `After=${['network-online.target', ...startedBefore(plan)].join(' ')}`,
      ...startLimitLines(),
      '',
      '[Service]',
      ...service.start,
      `User=${user}`,
      `Group=${user}`,
      `WorkingDirectory=${place.appDir}`,
      because(SECRETS, `EnvironmentFile=-${service.environmentFile}`),
      ...stateLines(dataDir),
      ...logLines(place),
      `SyslogIdentifier=${unit.endsWith('@') ? `${unit}%i` : unit}`,
      '',
      `Slice=${APPS_SLICE}`,
      ...service.limits,
      ...processLines(service.tasks),
      'OOMPolicy=continue',
      '',
      ...restartLines(),
      'KillMode=mixed',
      numbered(meanings.TimeoutStopSec, '', `TimeoutStopSec=${STOP_SECONDS}`),
      '',
      ...hardeningLines({
        reads: [place.appDir, ...service.reads],
        writes: dataDir.startsWith('/var/lib/') ? [] : [dataDir],
        compiles: true,
        families: ['AF_UNIX', 'AF_INET', 'AF_INET6', 'AF_NETLINK'],
      }),
      '',
      '[Install]',
      'WantedBy=multi-user.target',
    ],
    language,
  );
  const path = `${UNIT_FOLDER}/${unit}.service`;
  return { target: 'systemd', path, content, apply: RELOAD, next: nextOf(unit, service.environmentFile) };
}

/** Limits count at once; the command and its flags from the next start on. */
function nextOf(unit: string, environmentFile: string): readonly string[] {
  if (unit.endsWith('@')) return [];
  return [
    emptyFileOnce(environmentFile, 'root'),
    `systemctl enable ${unit}.service && systemctl restart ${unit}.service`,
  ];
}

export function limitsOf({ service }: AppPlace): readonly ConfigEntry[] {
  return limitLines(service);
}

/** Whom it would wait for in vain if they came later. Names of Debian and of Red Hat; one that is not there is skipped. */
function startedBefore({ services }: BoxPlan): readonly string[] {
  const names: Readonly<Record<string, readonly string[]>> = {
    mariadb: ['mariadb.service'],
    mysql: ['mysql.service', 'mysqld.service'],
    redis: ['redis-server.service', 'redis.service'],
  };
  return [...new Set(services.flatMap(({ kind }) => names[kind] ?? []))];
}

/** Maque writes its logs into its data folder, and bounds them; others get a folder that logrotate knows. */
function logLines({ service, name }: AppPlace): readonly string[] {
  return service.kind === 'maque' ? [] : [`LogsDirectory=${name}`, 'LogsDirectoryMode=0750'];
}

/** What the targets java and python make. */
export function launcherOf({ name }: AppPlace): string {
  return `/usr/local/bin/start-${name}`;
}

/** `/etc/maque/shop.env`. */
export function environmentFileOf(name: string): string {
  return `/etc/maque/${name}.env`;
}
