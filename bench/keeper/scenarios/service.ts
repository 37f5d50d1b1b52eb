import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, GiB, type Milliseconds } from '@maque/kit';
import { MemoryCgroup } from '../../measure/memory-cgroup.ts';
import { waitUntil } from '../../stacks/wait-until.ts';
import { MARK_ENV, type RunningContender } from '../contenders/contender.ts';
import { TrafficClient } from '../load/traffic-client.ts';
import type { TrafficPlan } from '../load/traffic-plan.ts';
import { markedProcesses } from '../measure/marked-processes.ts';
import type { Scene } from './scenario.ts';

/** A service that is kept, and where it lives. */
export interface Service extends RunningContender {
  readonly folder: string;
  /** The group that holds all of it, when it was asked for. */
  readonly cgroup: MemoryCgroup | undefined;
}

export interface ServiceOptions {
  /** Puts the whole service into a group with this limit, and tells it so. */
  readonly limit?: Bytes;
  /** What it is told that it may take, where nothing holds it to that. */
  readonly memory?: Bytes;
  /** Called with the folder before anything is started in it. */
  readonly prepare?: (folder: string) => () => void;
}

export interface ServiceEnd<Result> {
  readonly result: Result;
  /** Processes that outlived the supervisor's orderly end. */
  readonly orphans: readonly number[];
}

/** A spare worker fits into this beside two. */
const USUAL_MEMORY: Bytes = GiB;
/** What a process that was told to end may take until it is gone. */
const GONE_WITHIN_MS: Milliseconds = 2_000;

/**
 * Starts the service under the scene's contender, lets `work` use it, ends it, and looks who stayed.
 * @throws Error also when the supervisor itself did not live to the end: then no figure means anything.
 */
export async function withService<Result>(
  scene: Scene,
  options: ServiceOptions,
  work: (service: Service) => Promise<Result>,
): Promise<ServiceEnd<Result>> {
  const { workshop, contender } = scene;
  const mark = randomUUID();
  const result = await workshop.withClosing(async (closing) => {
    const folder = workshop.folder(contender.name);
    const undo = options.prepare?.(folder);
    if (undo !== undefined) closing.push('preparations', undo);
    const cgroup = options.limit === undefined ? undefined : new MemoryCgroup(options.limit);
    if (cgroup !== undefined) closing.push('cgroup', () => removeWhenEmpty(cgroup));
    const running = await contender.start({
      folder,
      closing,
      mark,
      memory: options.limit ?? scene.memory ?? options.memory ?? USUAL_MEMORY,
      ...(cgroup === undefined ? { node: workshop.node } : enter(cgroup, workshop.node, folder)),
    });
    try {
      return await work({ ...running, folder, cgroup });
    } finally {
      // Its last words say more than whatever failed for want of it.
      running.assertRunning();
    }
  });
  await sleep(GONE_WITHIN_MS);
  const orphans = markedProcesses(MARK_ENV, mark);
  for (const pid of orphans) process.kill(pid, 'SIGKILL');
  return { result, orphans };
}

/** Sends traffic while `work` runs. */
export async function withTraffic<Result>(
  plan: TrafficPlan,
  work: (traffic: TrafficClient) => Promise<Result>,
): Promise<Result> {
  const traffic = await TrafficClient.start(plan);
  try {
    const result = await work(traffic);
    await traffic.stop();
    return result;
  } finally {
    await traffic.kill();
  }
}

/** Pages of a file are charged to who reads it first: a binary of its own makes the group pay for Node's, too. */
function enter(
  cgroup: MemoryCgroup,
  node: string,
  folder: string,
): { node: string; launcher: readonly string[] } {
  const own = join(folder, 'node');
  const [program = 'cp', ...args] = [...cgroup.launcher, 'cp', node, own];
  execFileSync(program, args);
  return { node: own, launcher: cgroup.launcher };
}

async function removeWhenEmpty(cgroup: MemoryCgroup): Promise<void> {
  const remove = (): boolean => {
    try {
      cgroup.remove();
      return true;
    } catch {
      return false; // what was just killed is still being taken down
    }
  };
  await waitUntil(remove, { what: 'the group to be empty', timeoutMs: 10_000, everyMs: 50 });
}
