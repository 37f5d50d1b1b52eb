import cluster from 'node:cluster';
import { CodedError, say } from '@maque/kit';
import { alertOnSamples, type SampleSource } from '../alert/alert-on-samples.ts';
import type { AlertOptions } from '../alert/alert-options.ts';
import { alertOptionsOf, lonelyAlertSetting } from '../alert/alert-options-of.ts';
import { alertSettings } from '../alert/alert-settings.ts';
import { type Environment, languageOf, readEnvironment } from './read-environment.ts';

const LONELY = {
  en: 'environment: {setting} does nothing without {missing}; alerts are off',
  zh: 'environment：只设置了 {setting}，还需要 {missing}；告警未开启',
};

// The whole machine is told of by the parent of a cluster, not by each of its workers.
const OF_THE_BOX = { 'box-memory': false, 'memory-stall': false, cpu: false } as const;

/** Alerts by the settings `MAQUE_ALERT_…`. @param warn is told of what is wrong with them. */
export function startAlerts(guard: SampleSource, env: Environment, warn: (message: string) => void): void {
  const language = languageOf(env);
  const { values, problems } = readEnvironment(alertSettings, env, 'MAQUE_ALERT_');
  if (problems.length > 0) warn(problems.join('\n'));
  const lonely = lonelyAlertSetting(values);
  if (lonely !== undefined) {
    warn(say(LONELY, language, { ...lonely }));
    return;
  }
  const options = alertOptionsOf(values);
  if (options === undefined) return;
  try {
    alertOnSamples(guard, cluster.isWorker ? forWorker(options) : options);
  } catch (error) {
    warn(error instanceof CodedError ? error.messageIn(language) : String(error));
  }
}

function forWorker(options: AlertOptions): AlertOptions {
  return { ...options, rules: { ...options.rules, ...OF_THE_BOX } };
}
