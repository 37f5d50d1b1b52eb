import type { AlertLevel, AlertRule } from './alert-rule.ts';
import { boxAlerts } from './alerts/box-alerts.ts';
import { diskAlerts } from './alerts/disk-alerts.ts';
import { heapAlerts } from './alerts/heap-alerts.ts';
import { jobAlerts } from './alerts/job-alerts.ts';
import { memoryAlerts } from './alerts/memory-alerts.ts';
import { monitoringAlerts } from './alerts/monitoring-alerts.ts';
import { paymentAlerts } from './alerts/payment-alerts.ts';
import { requestAlerts } from './alerts/request-alerts.ts';
import { wechatAlerts } from './alerts/wechat-alerts.ts';
import { workerAlerts } from './alerts/worker-alerts.ts';
import type { Watched } from './watched.ts';

/** Rules that are shown together, and whom they are about. */
export interface AlertGroup {
  readonly name: string;
  /** Asks for a keeper, as all but those of the box and of the monitoring do. */
  readonly ofKeeper: boolean;
  readonly rules: readonly AlertRule[];
}

/** Every alert there is, in the order in which trouble spreads. */
export const alertGroups: readonly AlertGroup[] = [
  { name: 'workers', ofKeeper: true, rules: workerAlerts },
  { name: 'memory', ofKeeper: true, rules: memoryAlerts },
  { name: 'heap', ofKeeper: true, rules: heapAlerts },
  { name: 'requests', ofKeeper: true, rules: requestAlerts },
  { name: 'jobs', ofKeeper: true, rules: jobAlerts },
  { name: 'payments', ofKeeper: true, rules: paymentAlerts },
  { name: 'wechat', ofKeeper: true, rules: wechatAlerts },
  { name: 'box', ofKeeper: false, rules: boxAlerts },
  { name: 'disk', ofKeeper: false, rules: diskAlerts },
  { name: 'monitoring', ofKeeper: false, rules: monitoringAlerts },
];

/** A rule with the limits that it has on one box; there is at least one. */
export interface ChosenAlert {
  readonly rule: AlertRule;
  readonly levels: readonly AlertLevel[];
}

/** The rules that have something to look at, group by group. */
export function alertsFor(
  watched: Watched,
): readonly { readonly name: string; readonly alerts: readonly ChosenAlert[] }[] {
  return alertGroups
    .filter(({ ofKeeper }) => !ofKeeper || watched.keepers.length > 0)
    .map(({ name, rules }) => ({ name, alerts: rules.flatMap((rule) => chosen(rule, watched)) }))
    .filter(({ alerts }) => alerts.length > 0);
}

function chosen(rule: AlertRule, watched: Watched): readonly ChosenAlert[] {
  const levels = rule.levels(watched);
  return levels.length === 0 ? [] : [{ rule, levels }];
}
