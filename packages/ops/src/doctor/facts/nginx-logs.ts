import { HOUR, type Milliseconds } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';
import { accessLogTime, errorLogTime, readLogEnd, zoneOf } from './log-end.ts';
import { everywhere, type NginxFacts } from './nginx.ts';

/** More sites than a small server has. */
const MOST_LOGS = 20;

/** What the end of the logs tells of the last hour. */
export interface Traffic {
  readonly requests: number;
  /** Answers with 502, 503 and 504. */
  readonly failed: number;
  /** How far back the end reaches: an hour at most. */
  readonly spanMs: Milliseconds;
}

/** Files that a directive such as `access_log` names, as they are on this host. */
export async function nginxLogs(
  nginx: NginxFacts,
  name: 'access_log' | 'error_log',
): Promise<readonly string[]> {
  const paths = everywhere(nginx, name)
    .map(({ args }) => args[0] ?? 'off')
    .filter((path) => path !== 'off' && !/^(syslog:|memory:|stderr$|\/dev\/)|\$/.test(path));
  const whole = paths.map((path) => (path.startsWith('/') ? path : `${nginx.place.prefix}/${path}`));
  const distinct = [...new Set(whole)].slice(0, MOST_LOGS);
  return Promise.all(distinct.map((path) => nginx.place.outside(path)));
}

/** Requests of the last hour, or of as much of it as the end of the log holds. */
export async function trafficIn(host: Host, path: string): Promise<Reading<Traffic>> {
  const lines = await readLogEnd(host, path);
  if (lines.kind !== 'value') return lines;
  const since = host.nowMs - HOUR;
  const times = lines.value
    .map((line) => ({ line, at: accessLogTime(line) ?? 0 }))
    .filter(({ at }) => at >= since);
  const first = times[0]?.at ?? host.nowMs;
  const failed = times.filter(({ line }) => /" 50[234] \d/.test(line)).length;
  return {
    kind: 'value',
    value: { requests: times.length, failed, spanMs: Math.max(1, host.nowMs - first) },
  };
}

/** Lines of an error log since a moment that show an app that was not there, or that hung up. */
export async function upstreamErrorsIn(
  host: Host,
  path: string,
  since: number,
): Promise<Reading<readonly string[]>> {
  const facts = await host.stat(path);
  if (facts.kind !== 'value') return facts;
  if (facts.value.modifiedAtMs < since) return { kind: 'value', value: [] };
  const lines = await readLogEnd(host, path);
  if (lines.kind !== 'value') return lines;
  const last = lines.value.map(errorLogTime).findLast((time) => time !== undefined);
  const zone = last === undefined ? 0 : zoneOf(last, facts.value.modifiedAtMs);
  const recent = lines.value.filter((line) => (errorLogTime(line) ?? 0) - zone >= since);
  return { kind: 'value', value: recent.filter((line) => UPSTREAM.test(line)) };
}

const UPSTREAM =
  /upstream prematurely closed|connect\(\) failed|connect\(\) to \S+ failed|upstream timed out|no live upstreams|recv\(\) failed .*upstream/;
