import { type Bytes, GiB, KiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import type { BoxPlan } from '../src/plan/box/box-plan.ts';
import {
  type BoxRequest,
  type LoadRequest,
  type PlanRequest,
  PROGRAM_KINDS,
} from '../src/plan/box/box-request.ts';
import type { Calibration } from '../src/plan/box/calibration.ts';
import { planBox } from '../src/plan/box/plan-box.ts';
import type { MaqueRequest, ServiceRequest } from '../src/plan/box/service-request.ts';
import { leastMaqueBytes } from '../src/plan/box/services/maque.ts';
import type { ServerWishes } from '../src/plan/wishes.ts';

/** The usual small server: 2 GiB as the kernel counts them, two cores, the cheapest bandwidth. */
export const smallBox: BoxRequest = {
  memoryBytes: 1960 * MiB,
  bound: 'box',
  cores: 2,
  bandwidthBitsPerSecond: 4_000_000,
  diskBytes: 30 * GiB,
};

/** A shop behind nginx, with MariaDB and Redis beside it. */
export function shopRequest(): PlanRequest {
  return {
    box: smallBox,
    services: [
      { kind: 'nginx', name: 'nginx' },
      { kind: 'maque', name: 'shop', workers: 2 },
      { kind: 'mariadb', name: 'mariadb', dataBytes: GiB },
      { kind: 'redis', name: 'redis', dataBytes: 64 * MiB, role: 'cache' },
    ],
    load: { program: 'shop', dau: 5_000, payments: true },
  };
}

/** Any possible request: many of them do not fit. */
export function planRequests(): fc.Arbitrary<PlanRequest> {
  return fc
    .record({ box: boxes(), services: fc.array(serviceRequests(), { maxLength: 7 }), load: loads() })
    .map((request) => ({ ...request, services: withOwnNames(request.services) }))
    .chain((request) =>
      fc.option(calibrations(request.services), { nil: undefined, freq: 4 }).map((calibration) => ({
        ...request,
        ...(calibration === undefined ? {} : { calibration }),
      })),
    );
}

/** Plans of boxes of 1 to 8 GiB. What did not fit at first is given up service by service, the last one first. */
export function fittingPlans(): fc.Arbitrary<BoxPlan> {
  return planRequests().map((request) => {
    for (let count = request.services.length; count >= 0; count -= 1) {
      const plan = planBox({ ...request, services: request.services.slice(0, count) });
      if (plan.fits) return plan;
    }
    throw new Error(`a box of ${request.box.memoryBytes} has no room for its own system`);
  });
}

export function boxes(): fc.Arbitrary<BoxRequest> {
  return told(
    {
      memoryBytes: bytes(GiB, 8 * GiB),
      bound: fc.constantFrom('box', 'cgroup-v1', 'cgroup-v2'),
      cores: fc.constantFrom(1, 2, 4, 8),
      bandwidthBitsPerSecond: fc.integer({ min: 1_000_000, max: 200_000_000 }),
      diskBytes: bytes(10 * GiB, 200 * GiB),
      swapBytes: bytes(0, 4 * GiB),
    },
    ['memoryBytes', 'bound', 'cores'],
  );
}

export function loads(): fc.Arbitrary<LoadRequest> {
  return told(
    {
      program: fc.constantFrom(...PROGRAM_KINDS),
      dau: fc.integer({ min: 1, max: 200_000 }),
      peakQps: fc.integer({ min: 1, max: 2_000 }),
      peakConcurrency: fc.integer({ min: 1, max: 500 }),
      sockets: fc.integer({ min: 0, max: 5_000 }),
      uploadsPerDay: fc.integer({ min: 0, max: 50_000 }),
      uploadBytes: bytes(KiB, 20 * MiB),
      payments: fc.boolean(),
    },
    ['program'],
  );
}

/** One service of any kind; its name is to be replaced. */
export function serviceRequests(): fc.Arbitrary<ServiceRequest> {
  const workers = fc.integer({ min: 1, max: 4 });
  const poolSize = fc.integer({ min: 1, max: 20 });
  return fc.oneof(
    maqueRequests(),
    service('node', {
      workers,
      poolSize,
      oldSpaceMb: fc.integer({ min: 64, max: 1_024 }),
      keptBy: fc.constantFrom('keeper', 'pm2', 'systemd'),
    }),
    service(
      'java',
      {
        framework: fc.constantFrom('spring-boot', 'tomcat', 'plain'),
        heapMb: fc.integer({ min: 32, max: 1_024 }),
        loadedClasses: fc.integer({ min: 1_000, max: 30_000 }),
        threads: fc.integer({ min: 5, max: 250 }),
        poolSize,
      },
      ['framework'],
    ),
    service(
      'python',
      {
        server: fc.constantFrom('gunicorn', 'uvicorn'),
        workers,
        workerBytes: bytes(15 * MiB, 200 * MiB),
        poolSize,
      },
      ['server'],
    ),
    service('nginx', { connections: fc.integer({ min: 0, max: 5_000 }) }),
    fc.constantFrom('mariadb' as const, 'mysql' as const).chain((kind) =>
      service(kind, {
        poolBytes: bytes(32 * MiB, 512 * MiB),
        connections: fc.integer({ min: 5, max: 200 }),
        busyConnections: fc.integer({ min: 1, max: 60 }),
        dataBytes: bytes(MiB, 20 * GiB),
        performanceSchema: fc.boolean(),
      }),
    ),
    service('redis', {
      dataBytes: bytes(MiB, 300 * MiB),
      role: fc.constantFrom('cache', 'queue'),
      persistent: fc.boolean(),
    }),
    service('agent', { bytes: bytes(MiB, 200 * MiB) }, ['bytes']),
    service(
      'watcher',
      { program: fc.constantFrom('node_exporter', 'alertmanager', 'prometheus', 'earlyoom', 'pm2') },
      ['program'],
    ),
  ) as fc.Arbitrary<ServiceRequest>;
}

/** A budget that was told is at least what its workers need. */
function maqueRequests(): fc.Arbitrary<MaqueRequest> {
  const workers = fc.integer({ min: 1, max: 4 });
  return told<MaqueRequest>(
    {
      kind: fc.constant('maque'),
      name: fc.constant('maque'),
      workers,
      memoryBytes: bytes(0, GiB),
      oldSpaceMb: fc.integer({ min: 16, max: 512 }),
      server: serverWishes(),
    },
    ['kind', 'name'],
  ).map((request) => {
    if (request.memoryBytes === undefined) return request;
    return { ...request, memoryBytes: leastMaqueBytes(request) + request.memoryBytes };
  });
}

function service<Kind extends string, Fields extends object>(
  kind: Kind,
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
  required: readonly (keyof Fields)[] = [],
) {
  return told(fields, required).map((values) => ({ kind, name: kind, ...values }));
}

function serverWishes() {
  return told<ServerWishes>(
    {
      bodyLimitBytes: bytes(KiB, 4 * MiB),
      bodyMemoryBytes: bytes(MiB, 64 * MiB),
      cacheBytes: bytes(0, 64 * MiB),
      sqliteCacheBytes: bytes(64 * KiB, 32 * MiB),
      maxConcurrent: fc.integer({ min: 1, max: 512 }),
      maxConnections: fc.integer({ min: 1, max: 5_000 }),
    },
    ['bodyLimitBytes'],
  ).map((wishes) => ({ ...wishes, ...atLeastOneBody(wishes) }));
}

function atLeastOneBody({ bodyLimitBytes, bodyMemoryBytes }: ServerWishes): Partial<ServerWishes> {
  return bodyMemoryBytes === undefined ? {} : { bodyMemoryBytes: Math.max(bodyMemoryBytes, bodyLimitBytes) };
}

function calibrations(services: readonly ServiceRequest[]): fc.Arbitrary<Calibration> {
  const micros = fc.integer({ min: 50, max: 20_000 });
  return told(
    {
      measuredAt: fc.constant('2026-06-01T04:00:00Z'),
      cpuMicrosPerRequest: micros,
      proxyCpuMicrosPerRequest: micros,
      databaseCpuMicrosPerRequest: micros,
      redisCpuMicrosPerRequest: micros,
      answerBytes: bytes(100, 100 * KiB),
      osBytes: bytes(60 * MiB, 400 * MiB),
      peakBytes: fc
        .array(bytes(5 * MiB, 100 * MiB), { minLength: services.length, maxLength: services.length })
        .map((peaks) => Object.fromEntries(services.map(({ name }, index) => [name, peaks[index] ?? 0]))),
    },
    ['measuredAt'],
  );
}

/** A record in which each key that is not required may be missing. */
function told<Fields extends object>(
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
  required: readonly (keyof Fields)[],
): fc.Arbitrary<Fields> {
  return fc.record(fields, { requiredKeys: [...required] }) as fc.Arbitrary<Fields>;
}

function withOwnNames(services: readonly ServiceRequest[]): readonly ServiceRequest[] {
  const seen = new Map<string, number>();
  return services.map((service) => {
    const count = (seen.get(service.kind) ?? 0) + 1;
    seen.set(service.kind, count);
    return { ...service, name: count === 1 ? service.kind : `${service.kind}-${count}` };
  });
}

function bytes(min: Bytes, max: Bytes): fc.Arbitrary<Bytes> {
  return fc.integer({ min, max });
}
