import type { RenderTarget } from './target.ts';
import { backup } from './targets/backup.ts';
import { journald } from './targets/journald.ts';
import { logrotate } from './targets/logrotate.ts';
import { nginx } from './targets/nginx.ts';
import { prometheus } from './targets/prometheus.ts';
import { swap } from './targets/swap.ts';
import { sysctl } from './targets/sysctl.ts';
import { systemd } from './targets/systemd.ts';

/** Every kind of file that a plan is rendered to, in the order in which they are shown. */
export const targets: readonly RenderTarget[] = [
  systemd,
  nginx,
  sysctl,
  swap,
  journald,
  logrotate,
  backup,
  prometheus,
];
