import type { RenderTarget } from './target.ts';
import { alertmanager } from './targets/alertmanager.ts';
import { backup } from './targets/backup.ts';
import { compose } from './targets/compose.ts';
import { dockerfile } from './targets/dockerfile.ts';
import { grafana } from './targets/grafana.ts';
import { java } from './targets/java.ts';
import { journald } from './targets/journald.ts';
import { kubernetes } from './targets/kubernetes.ts';
import { logrotate } from './targets/logrotate.ts';
import { mariadb } from './targets/mariadb.ts';
import { mysql } from './targets/mysql.ts';
import { nginx } from './targets/nginx.ts';
import { pm2 } from './targets/pm2.ts';
import { prometheus } from './targets/prometheus.ts';
import { python } from './targets/python.ts';
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
  pm2,
  java,
  python,
  sysctl,
  swap,
  journald,
  logrotate,
  backup,
  compose,
  dockerfile,
  kubernetes,
  prometheus,
  alertmanager,
  grafana,
];
