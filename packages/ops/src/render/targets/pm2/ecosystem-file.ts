import { type Language, MiB, say, type Text } from '@maque/kit';
import type { PlannedNode } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { remarkOn } from '../../comment-numbers.ts';
import { headOf } from '../../file-head.ts';
import type { Meaning } from '../../meaning.ts';
import { PM2_WORKER_INTERVAL_MS, pm2Meanings } from './pm2-meanings.ts';

/** A Node program that PM2 keeps. */
export interface Pm2App {
  readonly place: AppPlace;
  readonly planned: PlannedNode;
}

const KILL_TIMEOUT_MS = 10_000;
const LISTEN_TIMEOUT_MS = 30_000;
const RESTART_DELAY_MS = 100;

const START_COMMAND = `PM2_WORKER_INTERVAL=${PM2_WORKER_INTERVAL_MS} pm2 start ecosystem.config.cjs`;
/** In the folder of the file. What `pm2 startup` prints makes the unit that starts all of it with the machine. */
export const PM2_STEPS = ['pm2 kill', START_COMMAND, 'pm2 startup', 'pm2 save'] as const;

/** A module that `pm2 start` loads. */
export function ecosystemFile(apps: readonly Pm2App[], language: Language): string {
  const lines = [
    headOf('pm2', language).replace('#', '//'),
    ...say(START, language).split('\n').map(comment),
    comment(remarkOn({ meaning: pm2Meanings.worker_interval }, language)),
    comment(START_COMMAND),
    'module.exports = {',
    '  apps: [',
    ...apps.flatMap((app) => appLines(app, language)).map((line) => (line === '' ? '' : `    ${line}`)),
    '  ],',
    '};',
    '',
  ];
  return lines.join('\n');
}

function appLines({ place, planned }: Pm2App, language: Language): readonly string[] {
  const { workers, oldSpaceMb, semiSpaceMb, restartBytes, poolSize } = planned;
  const told = (meaning: Meaning, line: string, formula = '') => [
    comment(remarkOn({ meaning, formula }, language)),
    line,
  ];
  const because = (text: Text, line: string) => [comment(say(text, language)), line];
  const restartMb = Math.ceil(restartBytes / MiB);
  const restartFormula = `${oldSpaceMb} + 3 × ${semiSpaceMb} + ${restartMb - oldSpaceMb - 3 * semiSpaceMb}`;
  const inside = [
    `name: ${quoted(place.name)},`,
    `cwd: ${quoted(place.appDir)},`,
    "script: 'server.js',",
    "exec_mode: 'cluster',",
    ...told(pm2Meanings.instances, `instances: ${workers},`),
    'node_args: [',
    ...told(pm2Meanings.old_space, `  '--max-old-space-size=${oldSpaceMb}',`).map(deeper),
    ...told(pm2Meanings.semi_space, `  '--max-semi-space-size=${semiSpaceMb}',`).map(deeper),
    '],',
    ...told(pm2Meanings.max_memory_restart, `max_memory_restart: '${restartMb}M',`, restartFormula),
    ...told(pm2Meanings.kill_timeout, `kill_timeout: ${KILL_TIMEOUT_MS},`),
    ...told(pm2Meanings.listen_timeout, `listen_timeout: ${LISTEN_TIMEOUT_MS},`),
    ...because(NOT_READY, 'wait_ready: false,'),
    ...told(pm2Meanings.restart_delay, `exp_backoff_restart_delay: ${RESTART_DELAY_MS},`),
    ...because(LOGS, 'merge_logs: true,'),
    'env: {',
    "  NODE_ENV: 'production',",
    "  HOST: '127.0.0.1',",
    ...told(pm2Meanings.port, `  PORT: ${place.port},`).map(deeper),
    ...told(pm2Meanings.pool_size, `  DATABASE_POOL_SIZE: ${poolSize},`).map(deeper),
    '},',
  ];
  return ['{', ...inside.map((line) => `  ${line}`), '},'];
}

function comment(line: string): string {
  return `// ${line}`;
}

function deeper(line: string): string {
  return line.startsWith('//') ? `  ${line}` : line;
}

/** Names and paths are plain: they have no quotes in them. */
function quoted(text: string): string {
  return `'${text}'`;
}

const START: Text = {
  en: 'The interval is read by the PM2 daemon when it starts: pm2 kill first, if one runs. Afterwards pm2 startup, and the\nline that it prints, and pm2 save: or nothing runs after a reboot.',
  zh: '检查间隔由 PM2 守护进程启动时读取：若已在运行，先执行 pm2 kill。\n之后执行 pm2 startup（及它打印的那一行）和 pm2 save，否则重启机器后什么都不会启动。',
};
const NOT_READY: Text = {
  en: "true only for a program that says process.send('ready'); any other would never count as started",
  zh: "只有程序会调用 process.send('ready') 时才设为 true，否则永远算不上已启动",
};
const LOGS: Text = {
  en: 'PM2 never rotates its logs: maque render logrotate does, or pm2 install pm2-logrotate',
  zh: 'PM2 从不轮转日志：请用 maque render logrotate，或 pm2 install pm2-logrotate',
};
