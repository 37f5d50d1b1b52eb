import { hostname } from 'node:os';
import { join } from 'node:path';
import { formatBytes, formatDuration, SECOND, systemClock, type Text } from '@maque/kit';
import { type DoctorSample, type Host, localHost, Patient, readSamples } from '@maque/ops/doctor';
import type { Kill, OomReport } from '@maque/ops/oom';
import {
  availableMemory,
  buildTimeline,
  type ClockFacts,
  type Evidence,
  eventsOfKills,
  eventsOfLog,
  findAccessLogs,
  findDataFolders,
  isElsewhere,
  type Missing,
  type Moment,
  memoryOfKill,
  momentOf,
  readJournalEvents,
  readPackageEvents,
  readTraffic,
  type Timeline,
  type TimelineEvent,
} from '@maque/ops/oom/timeline';
import { keeperEventsIn, serverLogsIn } from './keeper-evidence.ts';
import type { TimelineOptions } from './timeline-options.ts';

/** What was read, and from where. */
export interface ReadLog {
  readonly report: OomReport;
  readonly source: string;
  /** It is this machine's own log, now. */
  readonly isLive: boolean;
  readonly paths: readonly string[];
}

const MISSING = {
  memory: { en: 'memory over time', zh: '内存变化' },
  own: { en: 'what this machine knows', zh: '本机的记录' },
  noSamples: {
    en: 'no samples; `maque doctor --record` in a timer keeps them',
    zh: '没有样本；用定时任务运行 `maque doctor --record` 可留存',
  },
  noSampleThen: {
    en: 'no sample in that time; the last one before, {ago} earlier: {size} of {name}',
    zh: '这段时间没有样本；此前最近的在 {ago} 之前：{name} 占 {size}',
  },
  noSampleOfIt: { en: 'the samples do not have it', zh: '样本中没有它' },
  elsewhere: {
    en: 'the log may be of another machine; --data-dir, --access-log and --state name what belongs to it',
    zh: '日志可能来自其他机器；可用 --data-dir、--access-log、--state 指定对应的记录',
  },
} as const satisfies Record<string, Text>;

/** Each asks for a look into every log; the newest are what anybody wants to know. */
const MOST_TIMELINES = 10;

/** What happened around each of the newest kills. Whatever cannot be looked at is left out, and said. */
export async function killTimelines(log: ReadLog, options: TimelineOptions): Promise<readonly Timeline[]> {
  const { kills } = log.report;
  const host = localHost(systemClock);
  const clock: ClockFacts = {
    zoneMinutes: options.zoneMinutes,
    bootedAtMs: log.isLive ? await bootTime(host) : null,
  };
  const isOwn = log.isLive || log.paths.every((path) => path.startsWith('/var/log/'));
  const gatherer = new Gatherer(log, options, clock, host, isOwn);
  const timelines: Timeline[] = [];
  const first = Math.max(0, kills.length - MOST_TIMELINES);
  for (const [at, kill] of kills.slice(first).entries()) {
    const moment = momentOf(kill, clock);
    const evidence = await gatherer.around(first + at, moment);
    timelines.push(buildTimeline(kill, first + at, moment, options.around, evidence, clock));
  }
  return timelines;
}

class Gatherer {
  readonly #log: ReadLog;
  readonly #options: TimelineOptions;
  readonly #clock: ClockFacts;
  readonly #host: Host;
  readonly #patient: Patient;
  readonly #isOwn: boolean;
  #samples: Promise<readonly DoctorSample[]> | undefined;
  #accessLogs: Promise<readonly string[]> | undefined;
  #dataFolders: Promise<readonly string[]> | undefined;

  constructor(log: ReadLog, options: TimelineOptions, clock: ClockFacts, host: Host, isOwn: boolean) {
    this.#log = log;
    this.#options = options;
    this.#clock = clock;
    this.#host = host;
    this.#patient = new Patient(host);
    this.#isOwn = isOwn;
  }

  async around(index: number, { atMs }: Moment): Promise<Evidence> {
    const kill = this.#log.report.kills[index];
    const nothing = { memory: [], available: null, events: [], traffic: [], sources: [], missing: [] };
    if (atMs === null || kill === undefined) return nothing;
    const { beforeMs, afterMs } = this.#options.around;
    const span = { fromMs: atMs - beforeMs, toMs: atMs + afterMs };
    const isHere = this.#isOwn && (kill.host === null || kill.host === hostname());
    const [samples, folders, accessLogs] = await Promise.all([
      this.#samplesOf(isHere),
      this.#foldersOf(isHere),
      this.#accessLogsOf(isHere),
    ]);
    const source = this.#samplesFile();
    const memory = memoryOfKill(kill, samples, source);
    const traffic = await this.#trafficOf(accessLogs, folders, span);
    const keeper = folders.flatMap((folder) => keeperEventsIn(folder));
    const ofMachine = isHere
      ? await Promise.all([
          readPackageEvents(this.#host, span, this.#clock),
          // It has been read already where the kills are out of it.
          this.#log.source === 'journalctl' ? [] : readJournalEvents(this.#host, span, this.#clock),
        ])
      : [];
    const events = [...this.#eventsOfLog(kill), ...keeper, ...ofMachine.flat()];
    const isWithin = (one: { readonly atMs: number }) => one.atMs >= span.fromMs && one.atMs <= span.toMs;
    const told = events.filter(isWithin).map((event) => event.source);
    const hasSamples = samples.some(isWithin);
    return {
      memory,
      available: availableMemory(samples, source),
      events,
      traffic: traffic.traffic,
      sources: [...new Set([...(hasSamples ? [source] : []), ...traffic.sources, ...told])],
      missing: [
        ...lackOfMemory(samples, memory, span, isHere || this.#options.state !== undefined),
        ...traffic.missing,
        ...(isHere || this.#isTold() ? [] : [{ what: MISSING.own, reason: MISSING.elsewhere, data: {} }]),
      ],
    };
  }

  /** Logs of several machines may come as one: of another one nothing belongs to it. */
  #eventsOfLog(kill: Kill): readonly TimelineEvent[] {
    const { report, source } = this.#log;
    const isOfIt = (one: Pick<Kill, 'host'>) => !isElsewhere(one, kill);
    return [
      ...eventsOfLog(report.timeline.filter(isOfIt), this.#clock, source),
      ...eventsOfKills(report.kills.filter(isOfIt), this.#clock, source),
    ];
  }

  #isTold(): boolean {
    const { dataDir, accessLogs, state } = this.#options;
    return dataDir !== undefined || accessLogs !== undefined || state !== undefined;
  }

  #samplesFile(): string {
    return join(this.#options.state ?? this.#options.usualState, 'samples.jsonl');
  }

  #samplesOf(isHere: boolean): Promise<readonly DoctorSample[]> {
    if (!isHere && this.#options.state === undefined) return Promise.resolve([]);
    this.#samples ??= readSamples(this.#samplesFile());
    return this.#samples;
  }

  #foldersOf(isHere: boolean): Promise<readonly string[]> {
    const { dataDir, usualDataDir } = this.#options;
    if (dataDir !== undefined) return Promise.resolve([dataDir]);
    if (!isHere) return Promise.resolve([]);
    this.#dataFolders ??= findDataFolders(this.#patient).then((found) => [
      ...new Set([usualDataDir, ...found]),
    ]);
    return this.#dataFolders;
  }

  #accessLogsOf(isHere: boolean): Promise<readonly string[]> {
    const { accessLogs } = this.#options;
    if (accessLogs !== undefined) return Promise.resolve(accessLogs);
    if (!isHere) return Promise.resolve([]);
    this.#accessLogs ??= findAccessLogs(this.#patient);
    return this.#accessLogs;
  }

  /** What the web server wrote down; an app's own log tells the same requests, so only where there is no other. */
  async #trafficOf(
    accessLogs: readonly string[],
    folders: readonly string[],
    span: { readonly fromMs: number; readonly toMs: number },
  ) {
    const ofServer = await readTraffic(accessLogs, span);
    if (ofServer.traffic.length > 0) return ofServer;
    const own = folders.flatMap((folder) => serverLogsIn(folder));
    if (own.length === 0)
      return accessLogs.length === 0 && !this.#isOwn ? { ...ofServer, missing: [] } : ofServer;
    return readTraffic(own, span);
  }
}

function lackOfMemory(
  samples: readonly DoctorSample[],
  memory: Evidence['memory'],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  isLooked: boolean,
): readonly Missing[] {
  const lack = (reason: Text, data: Missing['data'] = {}) => [{ what: MISSING.memory, reason, data }];
  if (!isLooked) return [];
  if (samples.length === 0) return lack(MISSING.noSamples);
  const [series] = memory;
  if (series === undefined) return lack(MISSING.noSampleOfIt);
  if (series.points.some(({ atMs }) => atMs >= fromMs && atMs <= toMs)) return [];
  const before = series.points.findLast(({ atMs }) => atMs < fromMs);
  if (before === undefined) return lack(MISSING.noSamples);
  const ago = formatDuration(fromMs - before.atMs);
  return lack(MISSING.noSampleThen, { ago, size: formatBytes(before.bytes), name: series.name });
}

async function bootTime(host: Host): Promise<number | null> {
  const text = await host.read('/proc/uptime');
  const seconds = text.kind === 'value' ? Number.parseFloat(text.value) : Number.NaN;
  return Number.isNaN(seconds) ? null : host.nowMs - seconds * SECOND;
}
