import { type Bytes, type Milliseconds, SECOND } from '@maque/kit';
import { APP_KINDS, type Calibration, DATABASE_KINDS, type ServiceKind } from '@maque/ops/plan';
import type { CalibrationGap, CalibrationPlace, Measurement } from './calibration-place.ts';
import { countRequests, haveAllTold, requestsBetween } from './count-requests.ts';
import { isOwnAddress } from './own-address.ts';
import { type ProcessUsage, readUsage } from './process-usage.ts';
import { samplePeaks } from './sample-peaks.ts';
import { type LoadResult, sendLoad } from './send-load.ts';
import { readSentBytes } from './sent-bytes.ts';
import { systemMemory } from './system-memory.ts';

/** Fewer requests than this, and what the processes do by themselves weighs more than they do. */
const ENOUGH_REQUESTS = 100;
/** Enough to keep the cores of a small box busy, too few for a queue that times out. */
const LOAD_CONNECTIONS = 16;
const PROBE_MS: Milliseconds = 5 * SECOND;
const PROBES = 10;
/** 3 s: a worker that has just been started serves by then. */
const LOOKS = 10;
const BETWEEN_LOOKS_MS: Milliseconds = 300;
/** A tick of the clock is 10 ms: below a few of them a difference says nothing. */
const LEAST_CPU_SECONDS = 0.05;
/** So much of what was sent must arrive where it is counted. */
const LEAST_ARRIVED = 0.9;
const MOST_FAILED = 0.1;
/** Headers alone are more: whoever asks meanwhile asks from inside. */
const LEAST_ANSWER_BYTES: Bytes = 200;
const MICROS = 1e6;
/** Unless so many requests came that it is this little for each: then it says that there is nothing to speak of. */
const NOTHING_MICROS = 10;

const PROXY_KINDS: ReadonlySet<ServiceKind> = new Set(['nginx']);
const REDIS_KINDS: ReadonlySet<ServiceKind> = new Set(['redis']);

interface Look {
  readonly app: ProcessUsage;
  readonly proxy: ProcessUsage;
  readonly database: ProcessUsage;
  readonly redis: ProcessUsage;
  readonly counts: ReadonlyMap<string, number> | undefined;
  readonly sentBytes: Bytes | undefined;
}

/** Looks at a running box for a while, or under a load of its own, and says what one request costs there. */
export async function calibrate(place: CalibrationPlace): Promise<Measurement> {
  const { host, clock, load } = place;
  const measuredAt = new Date(host.nowMs).toISOString();
  if (load !== undefined && !(await arrives(place, load)))
    return {
      calibration: { measuredAt },
      seconds: 0,
      requests: undefined,
      load: undefined,
      gap: 'LOAD_ASTRAY',
    };
  const before = await look(place);
  const startedMs = clock.monotonic();
  const [peakBytes, result] = await Promise.all([
    samplePeaks(place, place.durationMs),
    load === undefined
      ? undefined
      : sendLoad({ url: load, connections: LOAD_CONNECTIONS, durationMs: place.durationMs }),
  ]);
  const after = await look(place);
  const seconds = (clock.monotonic() - startedMs) / SECOND;
  const isWhole = before.app.alive.length === after.app.alive.length;
  const requests = requestsOf(before, after, result);
  const gap = gapOf(place, isWhole, requests, result);
  const osBytes = await systemMemory(place);
  const calibration = {
    measuredAt,
    ...(gap === undefined && requests !== undefined ? costsOf(before, after, requests) : {}),
    ...(gap === undefined && result === undefined ? answerOf(before, after, requests) : {}),
    ...(osBytes === undefined ? {} : { osBytes }),
    peakBytes,
  };
  return { calibration, seconds, requests, load: result, gap };
}

async function look({ host, detected, keeper }: CalibrationPlace): Promise<Look> {
  const pidsOf = (kinds: ReadonlySet<ServiceKind>) =>
    detected.filter(({ service }) => kinds.has(service.kind)).flatMap(({ pids }) => pids);
  const [app, proxy, database, redis, metrics, sentBytes] = await Promise.all([
    readUsage(host, keeper?.pids ?? pidsOf(APP_KINDS)),
    readUsage(host, pidsOf(PROXY_KINDS)),
    readUsage(host, pidsOf(DATABASE_KINDS)),
    readUsage(host, pidsOf(REDIS_KINDS)),
    keeper?.metrics(),
    readSentBytes(host),
  ]);
  const counts = metrics === undefined ? undefined : countRequests(metrics);
  return { app, proxy, database, redis, counts, sentBytes };
}

/**
 * Whether the address is one of this machine, and a few requests to it are counted where somebody counts: a load test of
 * somebody else's server is an attack. Counts alone would not tell: meanwhile users ask, too.
 */
async function arrives({ host, keeper }: CalibrationPlace, url: URL): Promise<boolean> {
  if (!(await isOwnAddress(url.hostname))) return false;
  if (keeper === undefined) return true;
  const look = async (isEnough: (metrics: string) => boolean): Promise<string> => {
    let metrics = await keeper.metrics();
    for (let looks = 1; looks < LOOKS && !isEnough(metrics); looks += 1) {
      await host.wait(BETWEEN_LOOKS_MS);
      metrics = await keeper.metrics();
    }
    return metrics;
  };
  const before = countRequests(await look(haveAllTold));
  const { answered } = await sendLoad({ url, connections: 1, durationMs: PROBE_MS, mostRequests: PROBES });
  if (answered === 0) return false;
  const isCounted = (metrics: string) =>
    (requestsBetween(before, countRequests(metrics)) ?? 0) >= LEAST_ARRIVED * answered;
  // A request is counted a moment after its answer, and a busy worker tells its counts late.
  return isCounted(await look(isCounted));
}

function requestsOf(before: Look, after: Look, load: LoadResult | undefined): number | undefined {
  if (before.counts === undefined || after.counts === undefined) return load?.answered;
  return requestsBetween(before.counts, after.counts);
}

function gapOf(
  { keeper }: CalibrationPlace,
  isWhole: boolean,
  requests: number | undefined,
  load: LoadResult | undefined,
): CalibrationGap | undefined {
  if (load !== undefined && load.failed > MOST_FAILED * load.answered) return 'LOAD_FAILED';
  // A worker that is gone has taken its CPU time with it.
  if (!isWhole || (requests === undefined && keeper !== undefined)) return 'REPLACED';
  if (requests === undefined) return 'NO_COUNT';
  return requests < ENOUGH_REQUESTS ? 'TOO_FEW' : undefined;
}

function costsOf(before: Look, after: Look, requests: number): Omit<Calibration, 'measuredAt'> {
  const isUnclear = (LEAST_CPU_SECONDS * MICROS) / requests > NOTHING_MICROS;
  const cost = (part: 'app' | 'proxy' | 'database' | 'redis') => {
    if (after[part].alive.length === 0) return undefined;
    const seconds = after[part].cpuSeconds - before[part].cpuSeconds;
    return seconds < LEAST_CPU_SECONDS && isUnclear ? undefined : Math.round((seconds * MICROS) / requests);
  };
  const [app, proxy, database, redis] = [cost('app'), cost('proxy'), cost('database'), cost('redis')];
  return {
    ...(app === undefined ? {} : { cpuMicrosPerRequest: app }),
    ...(proxy === undefined ? {} : { proxyCpuMicrosPerRequest: proxy }),
    ...(database === undefined ? {} : { databaseCpuMicrosPerRequest: database }),
    ...(redis === undefined ? {} : { redisCpuMicrosPerRequest: redis }),
  };
}

/**
 * What goes out of the machine for one request of its users, pictures and all. A load of our own says nothing of it: it
 * asks at one address, and mostly over the loopback.
 */
function answerOf(before: Look, after: Look, requests = 0): Pick<Calibration, 'answerBytes'> {
  if (before.sentBytes === undefined || after.sentBytes === undefined || requests === 0) return {};
  const answerBytes = Math.round((after.sentBytes - before.sentBytes) / requests);
  return answerBytes < LEAST_ANSWER_BYTES ? {} : { answerBytes };
}
