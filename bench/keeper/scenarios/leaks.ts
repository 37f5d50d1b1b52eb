import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import type { Target } from '../../load/connection.ts';
import { show } from '../../report/figures.ts';
import { startNginx } from '../../stacks/nginx.ts';
import { WORKERS } from '../contenders/contender.ts';
import type { TrafficClient } from '../load/traffic-client.ts';
import type { TrafficWindow } from '../load/traffic-plan.ts';
import { GroupMemoryWatch } from '../measure/group-memory-watch.ts';
import { readKernelKills } from '../measure/kernel-kills.ts';
import { SeenProcesses } from '../measure/seen-processes.ts';
import { availabilityRow } from '../report/availability-row.ts';
import { post } from './calls.ts';
import { figure, type Row, type Scenario, type ScenarioResult, type Scene } from './scenario.ts';
import { type Service, withService, withTraffic } from './service.ts';

const LIMIT: Bytes = 512 * MiB;
const REQUESTS_PER_SECOND = 300;
const CONNECTIONS = 100;
const WARM_UP_MS: Milliseconds = 3_000;
/** The route that leaks gets so much of the traffic. */
const LEAKING_SHARE = 0.2;
const GULP: Bytes = 300 * MiB;
/** Time enough for a new worker between two. */
const FAULT_EVERY_MS: Milliseconds = 15_000;
/** A gulp answers or kills within this. */
const GULP_TIMEOUT_MS: Milliseconds = 10_000;

type Pool = 'heap' | 'external';

interface LeakCase {
  readonly name: string;
  readonly seconds: number;
  /** A fault takes its worker and no other, so the kernel may kill as many workers as there were faults. */
  readonly mayKillItsWorker: boolean;
  /** Where requests go in. nginx asks another worker what may be asked twice. */
  readonly entrance: 'direct' | 'behind nginx';
  /** Does harm until the time is up. @returns how many faults that were. */
  harm(service: Service, traffic: TrafficClient, seconds: number): Promise<number>;
}

interface LeakResult {
  readonly name: string;
  readonly window: TrafficWindow;
  readonly faults: number;
  readonly oomKills: number;
  readonly killed: readonly ('supervisor' | 'worker')[];
  readonly peak: Bytes;
  readonly limit: Bytes;
}

/** A minute in which a worker grows by 60 MiB shows little; 1 MB/s takes four until it matters. */
const CASES: readonly LeakCase[] = (['heap', 'external'] as const).flatMap((pool) => [
  routeLeak(pool, 1 * MiB, 240),
  routeLeak(pool, 10 * MiB, 120),
  runaway(pool, 50 * MiB, 60),
  behindNginx(runaway(pool, 50 * MiB, 60)),
  gulp(pool, 60),
  behindNginx(gulp(pool, 60)),
]);

/** Acceptance 2: leaks in a small group. */
export const leaksScenario: Scenario = {
  name: 'leaks',
  title: `leaks in a cgroup under ${REQUESTS_PER_SECOND} req/s, ${WORKERS} workers`,
  run,
};

async function run(scene: Scene): Promise<ScenarioResult> {
  const details: LeakResult[] = [];
  const rows: Row[] = [];
  const { only = '' } = scene;
  for (const leakCase of CASES.filter(({ name }) => name.includes(only))) {
    scene.say(`  ${leakCase.name}`);
    try {
      const result = await runCase(scene, leakCase);
      details.push(result);
      rows.push(...rowsOf(leakCase, result));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      scene.say(message);
      const measured = `broke off: ${message.split('\n', 1)[0]}`;
      rows.push({ what: `${leakCase.name}: availability`, wanted: '≥ 99.95 %', measured, met: false });
    }
  }
  return { rows, details };
}

async function runCase(scene: Scene, leakCase: LeakCase): Promise<LeakResult> {
  const limit = scene.memory ?? LIMIT;
  const seconds = scene.seconds ?? leakCase.seconds;
  const { result } = await withService(scene, { limit }, (service) =>
    scene.workshop.withClosing(async (closing) => {
      const { folder, target } = service;
      const context = { folder, node: scene.workshop.node, closing };
      const entrance = leakCase.entrance === 'direct' ? target : await startNginx(context, target);
      return await harmThrough(entrance, service, leakCase, { limit, seconds });
    }),
  );
  return result;
}

async function harmThrough(
  target: Target,
  service: Service,
  leakCase: LeakCase,
  { limit, seconds }: { readonly limit: Bytes; readonly seconds: number },
): Promise<LeakResult> {
  const { cgroup, rootPid } = service;
  if (cgroup === undefined) throw new Error('no group');
  const killedBefore = new Set(readKernelKills());
  const seen = new SeenProcesses(rootPid);
  const memory = new GroupMemoryWatch(cgroup);
  try {
    const plan = {
      target,
      connections: CONNECTIONS,
      requestsPerSecond: REQUESTS_PER_SECOND,
      webSockets: 0,
    };
    return await withTraffic(plan, async (traffic) => {
      await sleep(WARM_UP_MS);
      await traffic.startWindow();
      const faults = await leakCase.harm(service, traffic, seconds);
      const window = await traffic.endWindow();
      const killed = readKernelKills().filter((pid) => !killedBefore.has(pid) && seen.has(pid));
      return {
        name: leakCase.name,
        window,
        faults,
        oomKills: cgroup.readOomKills(),
        killed: killed.map((pid) => (pid === rootPid ? 'supervisor' : 'worker')),
        peak: memory.peak,
        limit,
      };
    });
  } finally {
    memory.stop();
    seen.stop();
  }
}

function behindNginx(leakCase: LeakCase): LeakCase {
  return { ...leakCase, name: `${leakCase.name}, behind nginx`, entrance: 'behind nginx' };
}

/** Every worker keeps some of what the route is sent. */
function routeLeak(pool: Pool, bytesPerSecond: Bytes, seconds: number): LeakCase {
  return {
    name: `${pool} leak of ${show.mebibytes(bytesPerSecond)}/s in each worker`,
    seconds,
    mayKillItsWorker: false,
    entrance: 'direct',
    async harm(_service, traffic, forSeconds) {
      const bytes = Math.round((bytesPerSecond * WORKERS) / (REQUESTS_PER_SECOND * LEAKING_SHARE));
      await traffic.setHarm({ share: LEAKING_SHARE, path: `/carts?pool=${pool}&bytes=${bytes}` });
      await sleep(forSeconds * 1_000);
      return WORKERS;
    },
  };
}

/** Again and again one worker begins to grow and never stops. */
function runaway(pool: Pool, bytesPerSecond: Bytes, seconds: number): LeakCase {
  return {
    name: `${pool} leak of ${show.mebibytes(bytesPerSecond)}/s in one worker`,
    seconds,
    mayKillItsWorker: true,
    entrance: 'direct',
    harm: async ({ target }, _traffic, forSeconds) =>
      await again(forSeconds, async () => {
        await post(target, `/runaway?pool=${pool}&bytesPerSecond=${bytesPerSecond}`, GULP_TIMEOUT_MS);
      }),
  };
}

/** Again and again one request takes everything at once. */
function gulp(pool: Pool, seconds: number): LeakCase {
  return {
    name: `one request of ${show.mebibytes(GULP)}, ${pool}`,
    seconds,
    mayKillItsWorker: true,
    entrance: 'direct',
    harm: async ({ target }, _traffic, forSeconds) =>
      await again(forSeconds, async () => {
        await post(target, `/reports?pool=${pool}&bytes=${GULP}`, GULP_TIMEOUT_MS);
      }),
  };
}

async function again(seconds: number, fault: () => Promise<void>): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let faults = 0;
  while (performance.now() < until) {
    const next = performance.now() + FAULT_EVERY_MS;
    faults += 1;
    await fault();
    await sleep(Math.max(0, Math.min(next, until) - performance.now()));
  }
  return faults;
}

function rowsOf(leakCase: LeakCase, result: LeakResult): readonly Row[] {
  const { name, oomKills, faults, killed, peak, limit, window } = result;
  const most = leakCase.mayKillItsWorker ? faults : 0;
  const who = killed.length === 0 ? '' : ` (${[...new Set(killed)].join(' and ')})`;
  return [
    availabilityRow(`${name}: availability`, window),
    {
      what: `${name}: kernel OOM kills`,
      wanted: leakCase.mayKillItsWorker ? 'its worker at most' : '0',
      measured: `${oomKills}${who}`,
      met: oomKills <= most && !killed.includes('supervisor'),
    },
    figure(`${name}: most memory without page cache`, `${show.mebibytes(peak)} of ${show.mebibytes(limit)}`),
  ];
}
