import type { PlannedNginx } from '../../plan/box/planned-service.ts';
import type { RenderTarget } from '../target.ts';
import { mainFile } from './nginx/main-file.ts';
import { nginxMeanings } from './nginx/nginx-meanings.ts';
import { NGINX_UNIT_LINES } from './nginx/nginx-unit-lines.ts';
import { siteFile } from './nginx/site-file.ts';
import { unitDropIn } from './unit/unit-drop-in.ts';

const RESTART_SECONDS = 2;
const RELOAD = ['systemctl', 'reload', 'nginx.service'] as const;

/** TLS, limits and buffers in front of the apps; every buffer is a line of the plan. */
export const nginx: RenderTarget = {
  name: 'nginx',
  summary: {
    en: 'nginx: TLS, limits, retries, caching and WebSockets in front of the apps',
    zh: 'nginx：应用前面的 TLS、限流、重试、缓存与 WebSocket',
  },
  belongsTo: 'server',
  meanings: nginxMeanings,
  render(plan, options) {
    const planned = plan.services.find((service): service is PlannedNginx => service.kind === 'nginx');
    if (planned === undefined) return [];
    return [
      unitDropIn(
        {
          unit: 'nginx.service',
          target: 'nginx',
          planned,
          meanings: nginxMeanings,
          openFiles: planned.openFiles,
          restartSeconds: RESTART_SECONDS,
          more: NGINX_UNIT_LINES,
        },
        options.language,
      ),
      // First what holds for all: a site without it would not be understood.
      {
        target: 'nginx',
        path: '/etc/nginx/nginx.conf',
        content: mainFile(planned, plan, options),
        // Limits of open files count only for processes that are started anew.
        next: ['systemctl restart nginx.service'],
        apply: RELOAD,
      },
      {
        target: 'nginx',
        path: `/etc/nginx/conf.d/${options.app}.conf`,
        content: siteFile(plan, options),
        apply: RELOAD,
      },
    ];
  },
};
