import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import { show } from '../../report/figures.ts';
import { atMost } from '../../report/goal.ts';
import { startNginx } from '../../stacks/nginx.ts';
import { type NewsItem, STATE_FOLDER } from '../contenders/contender.ts';
import type { TrafficClient } from '../load/traffic-client.ts';
import type { TrafficWindow } from '../load/traffic-plan.ts';
import { type Growth, growthOf, type Sample } from '../measure/growth.ts';
import { SupervisorWatch } from '../measure/supervisor-watch.ts';
import { availabilityRow } from '../report/availability-row.ts';
import { DirectedHarm } from './directed-harm.ts';
import { type DoneFault, unexplained } from './fault-matching.ts';
import { type FaultKind, planFaults } from './fault-plan.ts';
import {
  figure,
  notSupported,
  type Row,
  type Scenario,
  type ScenarioResult,
  type Scene,
} from './scenario.ts';
import { type Service, withService, withTraffic } from './service.ts';
import { SmallDisk } from './small-disk.ts';

const SECONDS = 600;
const LIMIT: Bytes = 768 * MiB;
const REQUESTS_PER_SECOND = 300;
const BURST_FACTOR = 4;
const CONNECTIONS = 100;
const WARM_UP_MS: Milliseconds = 3_000;
/** A place whose workers die again and again is filled ever more slowly: with two places, time for that to pass. */
const FAULT_EVERY_SECONDS = 15;
const LEAK_PER_SECOND: Bytes = 20 * MiB;
/** Longer than the 3 s after which a hang has to be noticed. */
const SHORT_HANG_MS: Milliseconds = 4_000;
const ENDLESS_MS: Milliseconds = 3_600_000;
const FAULT_LASTS_MS: Milliseconds = 6_000;
const NEWS_EVERY_MS: Milliseconds = 1_000;
/** Of the run: until then a supervisor grows to its size. */
const SETTLING_SHARE = 0.2;
const SEED = 20_261_120;
/** However long it lives. */
const SUPERVISOR_RSS: Bytes = 50 * MiB;

interface ChaosResult {
  readonly window: TrafficWindow;
  readonly faults: readonly DoneFault[];
  readonly news: readonly NewsItem[] | null;
  readonly rss: readonly Sample[];
  readonly anonymous: readonly Sample[];
  readonly descriptors: readonly Sample[];
  readonly oomKills: number;
}

/** Acceptance 5: everything goes wrong, again and again. */
export const chaosScenario: Scenario = {
  name: 'chaos',
  title: `kills, leaks, hangs, bursts and full disks behind nginx, one every ${FAULT_EVERY_SECONDS} s, in a cgroup`,
  run,
};

async function run(scene: Scene): Promise<ScenarioResult> {
  const seconds = scene.seconds ?? SECONDS;
  let disk: SmallDisk | undefined;
  const prepare = (folder: string): (() => void) => {
    const small = new SmallDisk(join(folder, STATE_FOLDER));
    disk = small;
    return () => small.unmount();
  };
  const limit = scene.memory ?? LIMIT;
  const { result, orphans } = await withService(scene, { limit, prepare }, async (service) =>
    scene.workshop.withClosing(async (closing) => {
      const { workshop } = scene;
      const nginx = await startNginx(
        { folder: service.folder, node: workshop.node, closing },
        service.target,
      );
      const plan = {
        target: nginx,
        connections: CONNECTIONS,
        requestsPerSecond: REQUESTS_PER_SECOND,
        webSockets: 0,
      };
      return await withTraffic(plan, async (traffic) => {
        if (disk === undefined) throw new Error('there is no disk to fill');
        return await new Chaos(scene, service, traffic, disk).run(seconds);
      });
    }),
  );
  return { rows: rowsOf(result, orphans), details: { ...result, orphans } };
}

class Chaos {
  readonly #scene: Scene;
  readonly #service: Service;
  readonly #traffic: TrafficClient;
  readonly #disk: SmallDisk;
  readonly #done: DoneFault[] = [];
  readonly #underWay = new Set<Promise<void>>();

  constructor(scene: Scene, service: Service, traffic: TrafficClient, disk: SmallDisk) {
    this.#scene = scene;
    this.#service = service;
    this.#traffic = traffic;
    this.#disk = disk;
  }

  async run(seconds: number): Promise<ChaosResult> {
    const { rootPid, news, cgroup } = this.#service;
    await sleep(WARM_UP_MS);
    const watch = new SupervisorWatch(rootPid);
    // Supervisors keep the last of their news only.
    const listening = setInterval(() => void news?.().catch(() => {}), NEWS_EVERY_MS);
    try {
      await this.#traffic.startWindow();
      const startedAt = performance.now();
      for (const { kind, atSeconds } of planFaults(seconds, FAULT_EVERY_SECONDS, SEED)) {
        await sleep(Math.max(0, startedAt + atSeconds * 1_000 - performance.now()));
        this.#scene.say(`  ${Math.round(atSeconds)} s: ${kind}`);
        this.#begin(kind);
      }
      await sleep(Math.max(0, startedAt + seconds * 1_000 - performance.now()));
      await Promise.all(this.#underWay);
      return {
        window: await this.#traffic.endWindow(),
        faults: this.#done,
        news: (await news?.()) ?? null,
        rss: watch.rss,
        anonymous: watch.anonymous,
        descriptors: watch.descriptors,
        oomKills: cgroup?.readOomKills() ?? 0,
      };
    } finally {
      clearInterval(listening);
      watch.stop();
    }
  }

  #begin(kind: FaultKind): void {
    const fault = this.#do(kind).finally(() => this.#underWay.delete(fault));
    this.#underWay.add(fault);
  }

  async #do(kind: FaultKind): Promise<void> {
    switch (kind) {
      case 'kill':
        return await this.#kill();
      case 'heap-leak':
        return await this.#harm(kind, `/runaway?pool=heap&bytesPerSecond=${LEAK_PER_SECOND}`);
      case 'buffer-leak':
        return await this.#harm(kind, `/runaway?pool=external&bytesPerSecond=${LEAK_PER_SECOND}`);
      case 'short-hang':
        return await this.#harm(kind, `/prices?ms=${SHORT_HANG_MS}`);
      case 'endless-hang':
        return await this.#harm(kind, `/prices?ms=${ENDLESS_MS}`);
      case 'load-burst':
        return await this.#burst();
      case 'full-disk':
        return await this.#fillDisk();
    }
  }

  async #kill(): Promise<void> {
    const pid = await new DirectedHarm(this.#service.target).findVictim();
    // Threads cannot be killed but with all others.
    if (pid === null || !this.#service.workerPids().includes(pid)) return;
    this.#note('kill', pid);
    process.kill(pid, 'SIGKILL');
  }

  async #harm(kind: FaultKind, path: string): Promise<void> {
    const harm = new DirectedHarm(this.#service.target);
    const pid = await harm.findVictim();
    if (pid === null) return;
    this.#note(kind, pid);
    await harm.strike(path, FAULT_LASTS_MS);
  }

  async #burst(): Promise<void> {
    this.#note('load-burst', null);
    await this.#traffic.setRate(REQUESTS_PER_SECOND * BURST_FACTOR);
    await sleep(FAULT_LASTS_MS);
    await this.#traffic.setRate(REQUESTS_PER_SECOND);
  }

  async #fillDisk(): Promise<void> {
    this.#note('full-disk', null);
    this.#disk.fill();
    await sleep(FAULT_LASTS_MS);
    this.#disk.free();
  }

  #note(kind: FaultKind, pid: number | null): void {
    this.#done.push({ kind, atMs: Date.now(), pid });
  }
}

function rowsOf(result: ChaosResult, orphans: readonly number[]): readonly Row[] {
  const { window, faults, news, oomKills } = result;
  const told = 'faults that no event explains';
  const silent = news === null ? [] : unexplained(faults, news);
  return [
    availabilityRow(`availability over ${faults.length} faults`, window),
    figure('longest time without an answer', show.ms(window.longestSilenceMs)),
    {
      what: 'orphan processes',
      wanted: '0',
      measured: show.count(orphans.length),
      met: orphans.length === 0,
    },
    atMost('supervisor: most resident memory', mostOf(result.rss), SUPERVISOR_RSS, show.mebibytes),
    figure(
      'supervisor: most of it without pages of files, which all Node processes share',
      show.mebibytes(mostOf(result.anonymous)),
    ),
    growthRow(
      'supervisor: growth of descriptors',
      result.descriptors,
      (perHour) => `${perHour.toFixed(1)}/h`,
    ),
    growthRow('supervisor: growth of memory', result.rss, (perHour) => `${(perHour / MiB).toFixed(1)} MiB/h`),
    news === null
      ? notSupported(told)
      : {
          what: told,
          wanted: '0',
          measured: `${silent.length} of ${faults.length}${silent.length === 0 ? '' : `: ${kindsOf(silent)}`}`,
          met: silent.length === 0,
        },
    figure('kernel OOM kills', show.count(oomKills)),
  ];
}

function mostOf(samples: readonly Sample[]): number {
  return samples.reduce((most, { value }) => Math.max(most, value), 0);
}

function kindsOf(faults: readonly DoneFault[]): string {
  return [...new Set(faults.map(({ kind }) => kind))].join(', ');
}

function growthRow(what: string, samples: readonly Sample[], shown: (perHour: number) => string): Row {
  const wanted = 'none beyond noise';
  const settled = samples.slice(Math.floor(samples.length * SETTLING_SHARE));
  let growth: Growth;
  try {
    growth = growthOf(settled);
  } catch (error) {
    return { what, wanted, measured: error instanceof Error ? error.message : String(error), met: false };
  }
  const { perHour, low, high } = growth;
  const measured = `${shown(perHour)} (95 %: ${shown(low)} to ${shown(high)})`;
  return { what, wanted, measured, met: low <= 0 };
}
