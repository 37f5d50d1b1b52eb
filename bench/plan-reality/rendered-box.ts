import type { ClosingStack } from '@maque/kit';
import type { BoxPlan } from '@maque/ops/plan';
import { render, renderOptions } from '@maque/ops/render';
import { freePort } from '@maque/testkit/process/free-port';
import { selfSigned } from '../../packages/ops/testing/nginx-folder.ts';
import { MemoryCgroup } from '../measure/memory-cgroup.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import type { BoxContext, BoxPart, BoxPorts } from './box-part.ts';
import type { PrivatePrograms } from './private-programs.ts';
import { startMariaDb } from './start-mariadb.ts';
import { startNginx } from './start-nginx.ts';
import { startRedis } from './start-redis.ts';
import { type StartedShop, startShop } from './start-shop.ts';
import { memoryMaxOf } from './unit-command.ts';

const TARGETS = ['systemd', 'nginx', 'mariadb', 'redis'] as const;
export const DOMAIN = 'api.shop.example.com';

/** What a box is started from. */
export interface BoxMaterial {
  readonly plan: BoxPlan;
  readonly folder: string;
  readonly node: string;
  readonly programs: PrivatePrograms;
  /** A data folder of MariaDB to begin with. */
  readonly mariadbTemplate: string;
  readonly closing: ClosingStack;
}

/** Everything that a plan has on a box, running. */
export interface RenderedBox {
  readonly ports: BoxPorts;
  readonly cgroup: MemoryCgroup;
  readonly parts: readonly BoxPart[];
  readonly shop: StartedShop;
}

/**
 * Starts nginx, MariaDB, Redis and the shop with their rendered files inside a cgroup of the plan's size, each in a part
 * of it with the `MemoryMax` of its unit. Only paths, ports and users of the files are moved into the folder of the run.
 */
export async function startRenderedBox(material: BoxMaterial): Promise<RenderedBox> {
  const { plan, folder, closing } = material;
  const certificate = selfSigned(folder, DOMAIN);
  const cgroup = new MemoryCgroup(roomOf(plan));
  closing.push('cgroup', () => removeGroup(cgroup));
  const ports = await freePorts();
  const options = renderOptions({
    domain: DOMAIN,
    port: ports.app,
    metricsPort: ports.metrics,
    ...certificate,
  });
  const context: BoxContext = {
    ...material,
    ports,
    files: render(plan, options, TARGETS),
    enter(service, unit) {
      const group = new MemoryCgroup(memoryMaxOf(unit), { group: cgroup, name: service });
      closing.push(`cgroup of ${service}`, () => removeGroup(group));
      return { service, cgroup: group, launcher: group.launcher };
    },
  };
  const [mariadb, redis] = await Promise.all([
    startMariaDb(context, material.mariadbTemplate),
    startRedis(context),
  ]);
  const shop = await startShop(context);
  const nginx = await startNginx(context);
  return { ports, cgroup, shop, parts: [nginx, shop, mariadb, redis] };
}

/** All but the operating system, which lives outside. */
function roomOf({ request, lines }: BoxPlan): number {
  const system = lines.find(({ code }) => code === 'OPERATING_SYSTEM')?.bytes ?? 0;
  return request.box.memoryBytes - system;
}

async function freePorts(): Promise<BoxPorts> {
  const [app, metrics, http, https, mariadb, redis] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  return { app, metrics, http, https, mariadb, redis };
}

/** The kernel refuses while a process that has just ended is still being taken down. */
async function removeGroup(group: MemoryCgroup): Promise<void> {
  const isGone = () => {
    try {
      group.remove();
      return true;
    } catch {
      return false;
    }
  };
  await waitUntil(isGone, { what: 'a cgroup to be empty', timeoutMs: 5_000, everyMs: 50 });
}
