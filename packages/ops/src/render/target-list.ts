import type { RenderTarget } from './target.ts';
import { alertmanager } from './targets/alertmanager.ts';
import { backup } from './targets/backup.ts';
import { grafana } from './targets/grafana.ts';
import { journald } from './targets/journald.ts';
import { logrotate } from './targets/logrotate.ts';
import { mariadb } from './targets/mariadb.ts';
import { mysql } from './targets/mysql.ts';
import { nginx } from './targets/nginx.ts';
import { prometheus } from './targets/prometheus.ts';
import { redis } from './targets/redis.ts';
import { swap } from './targets/swap.ts';
import { sysctl } from './targets/sysctl.ts';
import { systemd } from './targets/systemd.ts';

/** Every kind of file that a plan is rendered to, in the order in which they are shown. */
export const targets: readonly RenderTarget[] = [
  systemd,
  nginx,
  mariadb,
  mysql,
  redis,
  sysctl,
  swap,
  journald,
  logrotate,
  backup,
  prometheus,
  alertmanager,
  grafana,
];
