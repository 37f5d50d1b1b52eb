import { DAY, MINUTE, SECOND, type Text } from '@maque/kit';
import { readMaqueData } from '../../doctor/facts/maque-data.ts';
import { nginxLogs } from '../../doctor/facts/nginx-logs.ts';
import { pathsLike } from '../../doctor/facts/paths-like.ts';
import type { Host } from '../../doctor/host/host.ts';
import type { Patient } from '../../doctor/patient.ts';
import { OomReader } from '../oom-reader.ts';
import { accessTime, readAccessLine, TrafficCounter } from './access-log.ts';
import { eventsOfLog } from './build-timeline.ts';
import { type ClockFacts, epochOf } from './moments.ts';
import { type PackageLine, packageLine } from './package-lines.ts';
import { readWindow, type Span } from './read-window.ts';
import type { Missing, TimelineEvent, TrafficMinute } from './timeline.ts';

const WHAT = {
  traffic: { en: 'traffic', zh: '访问量' },
  events: { en: 'restarts and jobs', zh: '重启与定时任务' },
  packages: { en: 'packages that were changed', zh: '软件包变动' },
} as const satisfies Record<string, Text>;

const REASONS = {
  noAccessLog: {
    en: 'no access log was found; --access-log names one',
    zh: '没有找到访问日志；可用 --access-log 指定',
  },
  older: { en: 'the access logs do not reach back that far', zh: '访问日志没有保留到那时' },
  unreadable: { en: '{path}: {error}', zh: '{path}：{error}' },
  cut: { en: '{path}: too long, its end was not read', zh: '{path}：过长，未读到末尾' },
} as const satisfies Record<string, Text>;

/** Where sites log by default: Debian, Red Hat, BT panel, 1Panel. */
const ACCESS_LOGS = [
  '/var/log/nginx/*access*.log',
  '/www/wwwlogs/*.log',
  '/opt/1panel/apps/openresty/openresty/www/sites/*/log/access.log',
  '/opt/1panel/www/sites/*/log/access.log',
];
/** With those of yesterday and the packed ones: more sites than a small server has. */
const MOST_ACCESS_LOGS = 30;
/** Of rotated logs, how many generations are tried. */
const ROTATED = ['', '.1', '.2.gz'];
const PACKAGE_LOGS = ['/var/log/dpkg.log', '/var/log/dnf.rpm.log', '/var/log/yum.log'];
/** An upgrade of a distribution is some thousand packages. */
const MOST_PACKAGES = 2_000;
/** Between two packages of one run: a large one takes its time. */
const ONE_RUN_MS = 30 * SECOND;
const SHOWN_NAMES = 4;

export interface TrafficReading {
  readonly traffic: readonly TrafficMinute[];
  readonly sources: readonly string[];
  readonly missing: readonly Missing[];
}

/** Access logs of the web servers of this machine, those of the day before among them. */
export async function findAccessLogs(patient: Patient): Promise<readonly string[]> {
  const { host } = patient;
  const nginx = await patient.nginx();
  const told =
    nginx.kind === 'value'
      ? (await Promise.all(nginx.value.map((one) => nginxLogs(one, 'access_log')))).flat()
      : [];
  const usual = (await Promise.all(ACCESS_LOGS.map((pattern) => pathsLike(host, pattern)))).flat();
  const paths = [...new Set([...told, ...usual])].filter((path) => !/error/i.test(path));
  return paths.slice(0, MOST_ACCESS_LOGS);
}

/** Data folders of the Maque apps that run here. */
export async function findDataFolders(patient: Patient): Promise<readonly string[]> {
  const [processes, apps] = await Promise.all([patient.processes(), patient.appFolders()]);
  const running = processes.kind === 'value' ? processes.value : [];
  return (await readMaqueData(patient.host, running, apps.folders)).map(({ folder }) => folder);
}

/** Requests of a span of time, by minute. */
export async function readTraffic(paths: readonly string[], wanted: Span): Promise<TrafficReading> {
  // Minutes are counted whole.
  const span = {
    fromMs: Math.floor(wanted.fromMs / MINUTE) * MINUTE,
    toMs: Math.ceil(wanted.toMs / MINUTE) * MINUTE,
  };
  const counter = new TrafficCounter();
  const sources: string[] = [];
  const missing: Missing[] = [];
  const lack = (reason: Text, data: Missing['data'] = {}) =>
    missing.push({ what: WHAT.traffic, reason, data });
  for (const path of paths) {
    for (const rotated of ROTATED) {
      const name = `${path}${rotated}`;
      try {
        const { lines, isCut } = await readWindow(name, span, accessTime, (line) => {
          const answer = readAccessLine(line);
          if (answer !== undefined) counter.add(answer);
        });
        if (lines > 0) sources.push(name);
        if (isCut) lack(REASONS.cut, { path: name });
        // What is older than the first line of this one is in the file before.
        if (rotated === '' && lines > 0 && (await reachesBack(name, span))) break;
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' && rotated !== '') break;
        lack(REASONS.unreadable, { path: name, error: code === '' ? message : code });
        break;
      }
    }
  }
  const traffic = counter.minutes();
  if (paths.length === 0) lack(REASONS.noAccessLog);
  else if (traffic.length === 0 && missing.length === 0) lack(REASONS.older);
  return { traffic, sources, missing };
}

/** Whether the first line of a file is before the span. */
async function reachesBack(path: string, { fromMs }: Span): Promise<boolean> {
  let first: number | undefined;
  const whole = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };
  await readWindow(
    path,
    whole,
    accessTime,
    (_line, atMs) => {
      first ??= atMs;
    },
    { mostBytes: 4_096 },
  );
  return first !== undefined && first <= fromMs;
}

/** What package managers did. Their clocks are local ones. */
export async function readPackageEvents(
  host: Host,
  span: Span,
  { zoneMinutes }: ClockFacts,
): Promise<readonly TimelineEvent[]> {
  const year = new Date(span.toMs).getFullYear();
  const changes: DatedChange[] = [];
  for (const path of PACKAGE_LOGS.flatMap((name) => [name, `${name}.1`])) {
    const facts = await host.stat(path);
    // Not touched since: nothing of the span can be in it.
    if (facts.kind !== 'value' || facts.value.modifiedAtMs < span.fromMs - DAY) continue;
    const timeOf = (line: string) => {
      const time = packageLine(line, year)?.time;
      return time === undefined ? undefined : (epochOf(time, zoneMinutes) ?? undefined);
    };
    await readWindow(path, span, timeOf, (line, atMs) => {
      const change = packageLine(line, year);
      if (change !== undefined && changes.length < MOST_PACKAGES)
        changes.push({ ...change, atMs, source: path });
    }).catch(() => undefined);
  }
  return byRun(changes);
}

type DatedChange = PackageLine & { readonly atMs: number; readonly source: string };

/** Packages that were changed in one go are one event, with the names of some. */
function byRun(changes: readonly DatedChange[]): readonly TimelineEvent[] {
  const runs: DatedChange[][] = [];
  for (const change of changes) {
    const run = runs.findLast(([first]) => first?.text === change.text && first.source === change.source);
    const isSame = run !== undefined && change.atMs - (run.at(-1)?.atMs ?? 0) <= ONE_RUN_MS;
    if (isSame) run.push(change);
    else runs.push([change]);
  }
  return runs.flatMap((run) => {
    const [first] = run;
    if (first === undefined) return [];
    const names = [...new Set(run.map(({ subject }) => subject))];
    const more = names.length > SHOWN_NAMES ? `, … (${names.length})` : '';
    const subject = `${names.slice(0, SHOWN_NAMES).join(', ')}${more}`;
    return [
      {
        atMs: first.atMs,
        kind: 'packages' as const,
        text: first.text,
        data: { subject },
        source: first.source,
      },
    ];
  });
}

/** Starts, stops and jobs that the journal of this machine tells. Nothing where there is none, or where it may not be read. */
export async function readJournalEvents(
  host: Host,
  span: Span,
  clock: ClockFacts,
): Promise<readonly TimelineEvent[]> {
  const output = await host.run('journalctl', [
    ...['--no-pager', '--quiet', '--output=short-iso', '--lines=5000'],
    `--since=@${Math.floor(span.fromMs / 1_000)}`,
    `--until=@${Math.ceil(span.toMs / 1_000)}`,
    ...['SYSLOG_IDENTIFIER=systemd', '+', 'SYSLOG_IDENTIFIER=CRON', '+', 'SYSLOG_IDENTIFIER=crond'],
    ...['+', '_TRANSPORT=kernel'],
  ]);
  if (output.kind !== 'value' || output.value.code !== 0) return [];
  const reader = new OomReader({ nowMs: host.nowMs });
  for (const line of output.value.stdout.split('\n')) reader.read(line);
  return eventsOfLog(reader.report().timeline, clock, 'journalctl');
}
