// node bench/leaks/label.ts: writes recordings/index.json, the truth about each recording, from its scenario's label and from
// what the recording shows of the leak's pace.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MiB } from '@maque/kit';
import { type TrendPoint, theilSen } from './research/trends.ts';
import type { PlantedLeak, Scenario } from './scenario.ts';

interface Sample {
  readonly t: number;
  readonly rss: number;
  readonly heapAfterMajor: number | null;
  readonly lastMajorT: number | null;
}
interface Header {
  readonly maxOldSpace: number;
  readonly containerLimit: number;
  readonly routes: readonly string[];
}

// Leaks exhaust memory within it, counted from their start.
const HORIZON_SECONDS = 1800;
// Memory outside the heap moves with requests in flight; its least in a stretch of this length does not.
const STRETCH_SECONDS = 10;

const folder = join(import.meta.dirname, 'recordings');
const traces = [];
for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith('.jsonl.gz')) continue;
  const name = basename(file, '.jsonl.gz');
  const scenarioFile = join(import.meta.dirname, 'scenarios', `${name}.js`);
  if (!existsSync(scenarioFile)) throw new Error(`${file}: there is no such scenario`);
  const { scenario } = (await import(scenarioFile)) as { scenario: Scenario };
  traces.push(label(name, file, scenario.leak));
}
const index = { horizon_s: HORIZON_SECONDS, traces };
writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);

function label(name: string, file: string, leak: PlantedLeak | null) {
  const lines = gunzipSync(readFileSync(join(folder, file)))
    .toString()
    .trim()
    .split('\n');
  const [header, ...rest] = lines.map((line) => JSON.parse(line) as unknown) as [Header, ...Sample[]];
  const samples = rest.filter(({ t }) => t !== undefined);
  const seconds = samples.at(-1)?.t ?? 0;
  const truth = leak === null ? null : exhaustion(leak, header, samples, seconds);
  process.stdout.write(
    `${name.padEnd(28)} ${truth === null ? 'healthy' : `${leak?.pool} ${truth.rate} MiB/s, exhausted at ${truth.at} s`}\n`,
  );
  return {
    name,
    file,
    kind: leak?.pool ?? 'healthy',
    leaking: leak !== null,
    duration_s: seconds,
    leak_start_s: leak?.startSeconds ?? null,
    exhaustion_t_s: truth?.at ?? null,
    leak_mib_per_s: truth?.rate ?? null,
    routes: header.routes,
    leaking_route: leak?.route ?? null,
    expected_constructors: leak?.constructors ?? null,
    expected_sites: leak?.sites ?? null,
  };
}

/** A robust line through what is left when garbage is gone, drawn on to the limit. */
function exhaustion(leak: PlantedLeak, header: Header, samples: readonly Sample[], seconds: number) {
  const points = leak.pool === 'heap' ? floors(samples) : leastResident(samples);
  const limit = leak.pool === 'heap' ? header.maxOldSpace : header.containerLimit;
  const { slope, intercept } = theilSen(points.filter(([t]) => t >= leak.startSeconds));
  const at = seconds + Math.max(0, (limit - intercept - slope * seconds) / slope);
  if (!(at - leak.startSeconds <= HORIZON_SECONDS)) {
    process.stderr.write(`warning: this leak does not exhaust memory within ${HORIZON_SECONDS} s\n`);
  }
  return { at: Math.round(at * 10) / 10, rate: Math.round((slope / MiB) * 1000) / 1000 };
}

function floors(samples: readonly Sample[]): TrendPoint[] {
  const points = new Map<number, number>();
  for (const { lastMajorT, heapAfterMajor } of samples) {
    if (lastMajorT !== null && heapAfterMajor !== null) points.set(lastMajorT, heapAfterMajor);
  }
  return [...points];
}

function leastResident(samples: readonly Sample[]): TrendPoint[] {
  const least = new Map<number, number>();
  for (const { t, rss } of samples) {
    const middle = (Math.floor(t / STRETCH_SECONDS) + 0.5) * STRETCH_SECONDS;
    least.set(middle, Math.min(least.get(middle) ?? Number.POSITIVE_INFINITY, rss));
  }
  return [...least];
}
