import { EARLYOOM_ARGS, EARLYOOM_MEMORY, EARLYOOM_SWAP } from '../../../doctor/facts/earlyoom-arguments.ts';
import { QUIET_HOURS } from '../../../doctor/facts/quiet-hours.ts';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedNode } from '../../../plan/box/planned-service.ts';
import { numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { PM2_WORKER_INTERVAL_MS } from '../pm2/pm2-meanings.ts';
import { limitLines } from './limit-lines.ts';
import { meanings } from './meanings.ts';
import { RELOAD, UNIT_FOLDER } from './service-unit.ts';

const DELAY = '15min';

/**
 * Lines for units that others brought; a folder for a unit that is not there does nothing. None for sshd: it takes -1000
 * by itself, and gives back to every login what it was started with. With OOMScoreAdjust=-900 in its unit whatever is
 * started from a login would outlive the database.
 */
export function boxDropIns(plan: BoxPlan, options: RenderOptions): readonly RenderedFile[] {
  return [...night(options), ...pm2(plan, options), ...earlyoom(plan, options)];
}

/** The same file that the doctor would write (check H7). */
function night({ language }: RenderOptions): readonly RenderedFile[] {
  return Object.entries(QUIET_HOURS).map(([timer, when]) => ({
    target: 'systemd',
    path: `${UNIT_FOLDER}/${timer}.d/zz-maque-night.conf`,
    content: writeConfig(
      [
        headOf('systemd', language),
        '[Timer]',
        'OnBootSec=',
        'OnUnitInactiveSec=',
        'OnUnitActiveSec=',
        'OnCalendar=',
        numbered(meanings.quietHour, '', `OnCalendar=${when}`),
        numbered(meanings.quietDelay, '', `RandomizedDelaySec=${DELAY}`),
        'Persistent=false',
      ],
      language,
    ),
    apply: RELOAD,
  }));
}

/** Where it is planned; the same line that the doctor advises (check A14). */
function earlyoom({ services }: BoxPlan, { language }: RenderOptions): readonly RenderedFile[] {
  const isPlanned = services.some(({ kind, request }) => kind === 'watcher' && isEarlyoom(request));
  if (!isPlanned) return [];
  const lines = [
    headOf('systemd', language),
    numbered(meanings.earlyoomMemory, `-m ${EARLYOOM_MEMORY}`),
    numbered(meanings.earlyoomSwap, `-s ${EARLYOOM_SWAP}`),
    `EARLYOOM_ARGS="${EARLYOOM_ARGS}"`,
  ];
  return [
    {
      target: 'systemd',
      path: '/etc/default/earlyoom',
      content: writeConfig(lines, language),
      apply: ['systemctl', 'try-restart', 'earlyoom.service'],
      next: ['systemctl enable --now earlyoom.service'],
    },
  ];
}

function isEarlyoom(request: BoxPlan['services'][number]['request']): boolean {
  return 'program' in request && request.program === 'earlyoom';
}

/** `pm2 startup` makes a unit that has no limits, and that systemd stops as a whole when one app is killed. */
function pm2(plan: BoxPlan, { user, language }: RenderOptions): readonly RenderedFile[] {
  const kept = plan.services.filter(
    (service): service is PlannedNode => service.kind === 'node' && service.request.keptBy === 'pm2',
  );
  const daemon = plan.services.filter(
    (service) => service.kind === 'watcher' && service.request.program === 'pm2',
  );
  if (kept.length === 0) return [];
  const total = (pick: 'budgetBytes' | 'memoryMaxBytes' | 'memoryHighBytes') =>
    [...kept, ...daemon].reduce((sum, service) => sum + service[pick], 0);
  const lines = [
    headOf('systemd', language),
    '[Service]',
    ...limitLines({
      budgetBytes: total('budgetBytes'),
      memoryMaxBytes: total('memoryMaxBytes'),
      memoryHighBytes: total('memoryHighBytes'),
      oomScoreAdj: Math.min(...kept.map(({ oomScoreAdj }) => oomScoreAdj)),
    }),
    'OOMPolicy=continue',
    numbered(meanings.pm2Interval, '', `Environment=PM2_WORKER_INTERVAL=${PM2_WORKER_INTERVAL_MS}`),
  ];
  return [
    {
      target: 'systemd',
      path: `${UNIT_FOLDER}/pm2-${user}.service.d/50-maque-limits.conf`,
      content: writeConfig(lines, language),
      apply: RELOAD,
    },
  ];
}
