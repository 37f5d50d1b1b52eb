import { MiB } from '@maque/kit';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import { appPlaces } from '../app-places.ts';
import { because, block, type ConfigEntry, numbered, writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderOptions, RenderTarget } from '../target.ts';
import { meanings } from './logrotate/meanings.ts';

const MAX_SIZE_MB = 50;
const COMPRESSED_MB = 5;
const DISK_SHARE = 0.05;
const LEAST_ACCESS_LOGS = 14;
/** Six months. */
const MOST_ACCESS_LOGS = 185;
const APP_LOGS = 14;

const REOPEN = {
  en: 'nginx opens new files at this signal; copying them would lose lines.',
  zh: 'nginx 收到此信号会重新打开日志；用复制方式会丢行。',
};
const COPY = {
  en: 'The app keeps its file open and knows nothing of this, so the file is copied and emptied.',
  zh: '应用一直打开着文件、不知道轮转，因此复制后清空原文件。',
};

const HOURLY = {
  en: 'So that maxsize counts on the same day. What is rotated daily still is, once a day.',
  zh: '使 maxsize 当天就能生效；按天轮转的仍然每天一次。',
};

/** Logs that would grow for ever. The journal, and what Maque writes, are bounded by themselves. */
export const logrotate: RenderTarget = {
  name: 'logrotate',
  summary: { en: 'Rotation of the logs of nginx, PM2 and other apps', zh: 'nginx、PM2 与其他应用的日志轮转' },
  belongsTo: 'server',
  meanings,
  render(plan, options) {
    const rules = [...ofNginx(plan, options), ...ofApps(plan, options)];
    return rules.length === 0 ? [] : [...rules, hourly(options)];
  },
};

/** By itself it comes once a day, and a log that is flooded fills a small disk before that. */
function hourly({ language }: RenderOptions): RenderedFile {
  const lines = ['[Timer]', 'OnCalendar=', because(HOURLY, 'OnCalendar=hourly')];
  return {
    target: 'logrotate',
    path: '/etc/systemd/system/logrotate.timer.d/50-maque.conf',
    content: writeConfig([headOf('logrotate', language), ...lines], language),
    apply: ['systemctl', 'daemon-reload'],
  };
}

/** In place of the package's own rule: of two rules for one file logrotate skips the second, and says so nightly. */
function ofNginx(plan: BoxPlan, { language }: RenderOptions): readonly RenderedFile[] {
  if (!plan.services.some(({ kind }) => kind === 'nginx')) return [];
  const { count, formula } = accessLogs(plan);
  const rule = block('/var/log/nginx/*.log', [
    ...commonLines(),
    numbered(meanings.accessRotate, formula, `rotate ${count}`),
    // As the one before, whoever may read that: what nginx makes itself all can read, with the addresses of all phones.
    'create',
    'sharedscripts',
    because(
      REOPEN,
      'postrotate',
      '    [ ! -s /run/nginx.pid ] || kill -USR1 "$(cat /run/nginx.pid)"',
      'endscript',
    ),
  ]);
  return [file('nginx', [headOf('logrotate', language), rule], language)];
}

function ofApps(plan: BoxPlan, options: RenderOptions): readonly RenderedFile[] {
  const { user, app, appDir, language } = options;
  const others = appPlaces(plan, options).filter(({ service }) => service.kind !== 'maque');
  const folders = others.map(({ name }) => `/var/log/${name}/*.log`);
  const hasPm2 = others.some(({ service }) => service.kind === 'node' && service.request.keptBy === 'pm2');
  // The folder of the app is its user's home, unless somebody made the user by hand.
  const ofPm2 = hasPm2 ? [appDir, `/home/${user}`].map((home) => `${home}/.pm2/logs/*.log`) : [];
  if (folders.length === 0) return [];
  const rule = block([...folders, ...ofPm2].join(' '), [
    `su ${user} ${user}`,
    ...commonLines(),
    numbered(meanings.appRotate, '', `rotate ${APP_LOGS}`),
    because(COPY, 'copytruncate'),
  ]);
  return [file(`maque-${app}`, [headOf('logrotate', language), rule], language)];
}

function commonLines(): readonly ConfigEntry[] {
  return [
    'daily',
    numbered(meanings.maxsize, '', `maxsize ${MAX_SIZE_MB}M`),
    'missingok',
    'notifempty',
    'compress',
    'delaycompress',
    // Two in a day must not have one name.
    'dateext',
    'dateformat -%Y%m%d-%s',
  ];
}

function accessLogs({ request: { box } }: BoxPlan): { readonly count: number; readonly formula: string } {
  const { diskBytes } = box;
  if (diskBytes === undefined) return { count: MOST_ACCESS_LOGS, formula: '' };
  const diskMb = Math.floor(diskBytes / MiB);
  const room = Math.floor((DISK_SHARE * diskMb) / COMPRESSED_MB);
  const count = Math.min(MOST_ACCESS_LOGS, Math.max(LEAST_ACCESS_LOGS, room));
  const bounds = `${LEAST_ACCESS_LOGS}–${MOST_ACCESS_LOGS}`;
  return { count, formula: `${DISK_SHARE} × ${diskMb} MiB ÷ ${COMPRESSED_MB} MiB, ${bounds}` };
}

function file(
  name: string,
  entries: readonly ConfigEntry[],
  language: RenderOptions['language'],
): RenderedFile {
  const path = `/etc/logrotate.d/${name}`;
  return {
    target: 'logrotate',
    path,
    content: writeConfig(entries, language),
    next: [`logrotate -d ${path}`],
  };
}
