import type { SystemStatus } from '@maque/contract';
import {
  CodedError,
  formatBytes,
  type Language,
  MINUTE,
  type Milliseconds,
  parseDuration,
  SECOND,
  say,
  systemClock,
  type Text,
} from '@maque/kit';
import type { Calibration, DetectedService, PlanRequest, ServiceRequest } from '@maque/ops/plan';
import type { Invocation } from '../../cli/command.ts';
import { commandErrors } from '../../cli/command-errors.ts';
import { askKeeper } from '../../control/ask-keeper.ts';
import { readSettings } from '../../settings/read-settings.ts';
import { type LiveBox, readLiveBox } from '../live-box.ts';
import type { FoundRequest } from '../read-request.ts';
import { calibrate } from './calibrate.ts';
import type { CalibrationGap, CountingKeeper, Measurement } from './calibration-place.ts';

/** Long enough for what comes in bursts, short enough to wait for. */
const UNTOLD_MS: Milliseconds = 30 * SECOND;
const UNTOLD_LOAD_MS: Milliseconds = 10 * SECOND;
const LEAST_MS: Milliseconds = SECOND;
const MOST_MS: Milliseconds = 10 * MINUTE;
/** What a minute does not show, an hour does not either; and whoever uses the box meanwhile waits. */
const MOST_LOAD_MS: Milliseconds = MINUTE;
/** Below this every request wakes the machine up: 180 µs at saturation were 600 at 200 a second (bench/plan-reality). */
const IDLE_SHARE = 0.25;
/** Two readings of the same memory differ by what the kernel keeps for itself. */
const SAME_MEMORY = 0.05;

const WORDS = {
  watching: {
    en: 'Measuring for {seconds} s what the users’ requests cost …',
    zh: '测量 {seconds} 秒内用户请求的开销……',
  },
  loading: { en: 'Sending requests to {url} for {seconds} s …', zh: '向 {url} 发送请求 {seconds} 秒……' },
  idle: {
    en: 'The CPU had {percent} % to do. A request then costs two to five times what it costs when there is much to do, so the plan is on the safe side; --load URL says more.',
    zh: 'CPU 只用了 {percent}%。空闲时每个请求的开销是繁忙时的 2 到 5 倍，因此规划偏保守；加 --load URL 可得更准的数字。',
  },
  measured: { en: 'Measured on this machine:', zh: '本机实测：' },
  requests: { en: 'requests in {seconds} s', zh: '{seconds} 秒内的请求数' },
  rate: { en: 'requests a second under load', zh: '压测每秒请求数' },
  app: { en: 'CPU of the app for a request', zh: '应用每请求 CPU' },
  proxy: { en: 'CPU of nginx for a request', zh: 'nginx 每请求 CPU' },
  redis: { en: 'CPU of Redis for a request', zh: 'Redis 每请求 CPU' },
  database: { en: 'CPU of the database for a request', zh: '数据库每请求 CPU' },
  answer: { en: 'sent to the outside for a request', zh: '每请求对外发送' },
  os: { en: 'system and all that is not planned', zh: '系统及未列入规划者' },
  peak: { en: 'most memory of {name}', zh: '{name} 内存峰值' },
} satisfies Record<string, Text>;

const GAPS: Readonly<Record<CalibrationGap, Text>> = {
  NO_COUNT: {
    en: 'CPU time per request is not known: nobody counted the requests. Start the app with maque start, or measure with --load URL.',
    zh: '无法得知每请求 CPU：没有人统计请求数。用 maque start 启动应用，或加 --load URL 压测。',
  },
  REPLACED: {
    en: 'CPU time per request is not known: a worker was replaced meanwhile, or too busy to tell. Try again.',
    zh: '无法得知每请求 CPU：测量期间有工作进程被替换，或忙得未能应答，请重试。',
  },
  TOO_FEW: {
    en: 'CPU time per request is not known: too few requests came in. Wait longer with --for 10m, or measure with --load URL.',
    zh: '无法得知每请求 CPU：请求太少。用 --for 10m 延长，或加 --load URL 压测。',
  },
  LOAD_ASTRAY: {
    en: 'Nothing was measured: what is sent to that address does not arrive at an app of this machine. Name it by localhost, not by the public name.',
    zh: '没有测量：发往该地址的请求没有到达本机的应用。请写 localhost，不要写公网域名。',
  },
  LOAD_FAILED: {
    en: 'CPU time per request is not known: more than a tenth of the requests failed; choose an address that answers 200.',
    zh: '无法得知每请求 CPU：超过一成的请求失败；请选一个返回 200 的地址。',
  },
};

/**
 * Measures the box that this runs on, tells what came of it, and puts it into the request.
 * @throws CodedError DURATION_INVALID, URL_INVALID
 */
export async function calibrateRequest(invocation: Invocation, found: FoundRequest): Promise<PlanRequest> {
  const { options, surroundings } = invocation;
  const { terminal, language } = surroundings;
  const load = urlOf(options.load);
  const durationMs = durationOf(options.for, load !== undefined);
  const live = found.live ?? (await readLiveBox());
  const keeper = await keeperOf(invocation);
  const opening = load === undefined ? WORDS.watching : WORDS.loading;
  terminal.error(say(opening, language, { seconds: durationMs / SECOND, url: shownUrl(load) }));
  const { host, detected } = live;
  const measured = await calibrate({ host, clock: systemClock, detected, keeper, durationMs, load });
  for (const line of tell(measured, language)) terminal.error(line);
  const share = busyShare(measured) / live.box.cores;
  if (load === undefined && measured.gap === undefined && share < IDLE_SHARE)
    terminal.error(say(WORDS.idle, language, { percent: Math.round(100 * share) }));
  if (measured.gap === 'LOAD_ASTRAY') return found.request;
  return { ...found.request, calibration: calibrationFor(measured.calibration, found.request, live) };
}

/** Memory of the system counts only where the plan is of this very machine, peaks only for what is planned. */
function calibrationFor(
  { osBytes, peakBytes = {}, ...rest }: Calibration,
  { box, services, calibration }: PlanRequest,
  live: LiveBox,
): Calibration {
  const isHere = Math.abs(box.memoryBytes / live.box.memoryBytes - 1) < SAME_MEMORY && box.bound === 'box';
  const peaks = services.flatMap((service) => {
    const here = sameAs(service, live.detected);
    const bytes = here === undefined ? undefined : peakBytes[here.service.name];
    return bytes === undefined ? [] : [[service.name, bytes] as const];
  });
  return {
    ...calibration,
    ...rest,
    ...(isHere && osBytes !== undefined ? { osBytes } : {}),
    ...(peaks.length === 0 ? {} : { peakBytes: Object.fromEntries(peaks) }),
  };
}

/** The service that runs here: of the same name, or the only one of its kind, whatever its unit is called. */
function sameAs(
  { kind, name }: ServiceRequest,
  detected: readonly DetectedService[],
): DetectedService | undefined {
  const ofKind = detected.filter(({ service }) => service.kind === kind);
  return ofKind.find(({ service }) => service.name === name) ?? (ofKind.length === 1 ? ofKind[0] : undefined);
}

/** Cores that the requests kept busy. */
function busyShare({ calibration, requests = 0, seconds }: Measurement): number {
  const { cpuMicrosPerRequest = 0, proxyCpuMicrosPerRequest = 0 } = calibration;
  const micros =
    cpuMicrosPerRequest + proxyCpuMicrosPerRequest + (calibration.databaseCpuMicrosPerRequest ?? 0);
  return (requests * micros) / 1e6 / seconds;
}

/** Undefined where none runs on the data folder of the app. */
async function keeperOf(invocation: Invocation): Promise<CountingKeeper | undefined> {
  const { dataDir } = readSettings(invocation, invocation.arguments[0]);
  try {
    const { processes } = (await askKeeper(dataDir, 'GET', '/state')) as SystemStatus;
    return {
      pids: processes.map(({ pid }) => pid).filter((pid) => pid > 0),
      metrics: async () => String(await askKeeper(dataDir, 'GET', '/metrics')),
    };
  } catch (error) {
    if (error instanceof CodedError && error.code === 'NOT_RUNNING') return undefined;
    throw error;
  }
}

function tell({ calibration, seconds, requests, load, gap }: Measurement, language: Language): string[] {
  const word = (text: Text, data = {}) => say(text, language, data);
  const micros = (value: number | undefined) => (value === undefined ? undefined : `${value} µs`);
  const size = (value: number | undefined) => (value === undefined ? undefined : formatBytes(value));
  const rows: readonly (readonly [string, string | undefined])[] = [
    [word(WORDS.requests, { seconds: seconds.toFixed(1) }), requests?.toString()],
    [word(WORDS.rate), load === undefined ? undefined : (load.answered / load.seconds).toFixed(0)],
    [word(WORDS.app), micros(calibration.cpuMicrosPerRequest)],
    [word(WORDS.proxy), micros(calibration.proxyCpuMicrosPerRequest)],
    [word(WORDS.database), micros(calibration.databaseCpuMicrosPerRequest)],
    [word(WORDS.redis), micros(calibration.redisCpuMicrosPerRequest)],
    [word(WORDS.answer), size(calibration.answerBytes)],
    [word(WORDS.os), size(calibration.osBytes)],
    ...Object.entries(calibration.peakBytes ?? {}).map(
      ([name, bytes]) => [word(WORDS.peak, { name }), size(bytes)] as const,
    ),
  ];
  const known = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name}: ${value}`]));
  return [
    ...(known.length === 0 ? [] : [word(WORDS.measured), ...known]),
    ...(gap === undefined ? [] : [word(GAPS[gap])]),
  ];
}

function urlOf(told: string | boolean | undefined): URL | undefined {
  if (typeof told !== 'string') return undefined;
  const url = URL.parse(told.includes('://') ? told : `http://${told}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw commandErrors.URL_INVALID({ data: { url: told } });
  return url;
}

/** Without the password or the token that may be in it. */
function shownUrl(url: URL | undefined): string {
  return url === undefined ? '' : url.origin + url.pathname;
}

function durationOf(told: string | boolean | undefined, isLoad: boolean): Milliseconds {
  if (typeof told !== 'string') return isLoad ? UNTOLD_LOAD_MS : UNTOLD_MS;
  const wrong = () => commandErrors.DURATION_INVALID({ data: { option: '--for', value: told } });
  let durationMs: Milliseconds;
  try {
    durationMs = parseDuration(told);
  } catch {
    throw wrong();
  }
  if (durationMs < LEAST_MS) throw wrong();
  return Math.min(durationMs, isLoad ? MOST_LOAD_MS : MOST_MS);
}
