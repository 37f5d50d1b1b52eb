import { GiB, MiB } from '@maque/kit';
import { cpuMsOf } from '@maque/testkit/process/cpu-time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import type { PlanRequest } from '../box/box-request.ts';
import { planBox } from '../box/plan-box.ts';
import { capacityOf } from './capacity-of.ts';
import { demandOf } from './demand-of.ts';
import { nextUpgrades } from './next-upgrades.ts';
import { UPGRADE_CODES } from './upgrade.ts';

function upgrades(change: Partial<PlanRequest> = {}) {
  return nextUpgrades(planBox({ ...shopRequest(), ...change }));
}

const { box, services } = shopRequest();

describe('where the line is too narrow', () => {
  it('pictures leave the box before a second box is bought', () => {
    const codes = upgrades().map(({ code }) => code);
    expect(codes).toEqual(['MORE_BANDWIDTH', 'FILES_OUT', 'SERVERLESS']);
  });

  it('twice the line buys twice the users', () => {
    const [wider] = upgrades();
    const now = planBox(shopRequest());
    if (!now.fits) throw new Error('does not fit');
    const { dau } = capacityOf(now, demandOf(now.request));
    expect(wider?.capacity.dau).toBeGreaterThanOrEqual(2 * dau);
    expect(wider?.buys.dau).toBe((wider?.capacity.dau ?? 0) - dau);
  });
});

it('knows no upgrade beyond the largest that can be told', () => {
  const largest = { ...box, memoryBytes: 1024 * GiB, cores: 256, bandwidthBitsPerSecond: 1e12 };
  const codes = upgrades({ box: largest, load: { program: 'shop', dau: 1_000_000_000 } }).map(
    ({ code }) => code,
  );
  expect(codes).not.toContain('MORE_BANDWIDTH');
});

it('leaves out the one of four that buys least', () => {
  const narrow = {
    box: { ...box, memoryBytes: GiB, cores: 1, bandwidthBitsPerSecond: 3e6 },
    services: [
      { kind: 'nginx', name: 'nginx' },
      { kind: 'maque', name: 'shop' },
      { kind: 'mariadb', name: 'mariadb' },
    ],
    load: { program: 'content', dau: 5_000 },
    calibration: {
      measuredAt: '2026-01-01T00:00:00Z',
      cpuMicrosPerRequest: 8_000,
      databaseCpuMicrosPerRequest: 8_000,
    },
  } as const;
  expect(upgrades(narrow).map(({ code }) => code)).toEqual(['FILES_OUT', 'SECOND_BOX', 'SERVERLESS']);
});

describe('where the CPU is what runs out', () => {
  const busy: Partial<PlanRequest> = {
    box: { ...box, bandwidthBitsPerSecond: 200e6, diskBytes: undefined },
    services: [{ kind: 'node', name: 'api', workers: 2 }, ...services.slice(2)],
    elsewhere: ['object-store'],
    load: { program: 'community', dau: 20_000 },
    // An app with heavy routes and a database with heavy queries, as measured on the box.
    calibration: {
      measuredAt: '2026-01-01T00:00:00Z',
      cpuMicrosPerRequest: 8_000,
      databaseCpuMicrosPerRequest: 6_000,
    },
  };

  it('the database leaves first, then comes a second box', () => {
    expect(upgrades(busy).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['DATABASE_OUT', 'SECOND_BOX']),
    );
  });

  it('a second box brings no second line', () => {
    const second = upgrades(busy).find(({ code }) => code === 'SECOND_BOX');
    expect(second?.boxes).toBe(2);
    expect(second?.capacity.dauByResource.bandwidth).toBe(
      capacityOf(second?.plan ?? nothing(), second?.demand ?? nothing()).dauByResource.bandwidth,
    );
    expect(second?.plan.services.map(({ kind }) => kind)).toEqual(['node']);
    expect(second?.request.elsewhere).toEqual(['object-store', 'database', 'redis']);
  });
});

it('however many instances there are, the one database of them bounds them all', () => {
  const all = upgrades({
    box: { ...box, bandwidthBitsPerSecond: 200e6, diskBytes: undefined },
    load: { program: 'community', dau: 20_000 },
    calibration: { measuredAt: '2026-01-01T00:00:00Z', databaseCpuMicrosPerRequest: 6_000 },
  });
  for (const { capacity, request } of all.filter(({ boxes }) => boxes > 1)) {
    expect(request.elsewhere).toContain('database');
    expect(capacity.qpsByResource.cpu).toBeCloseTo((0.7 * 2e6) / 6_000, 6);
  }
});

describe('where it does not fit', () => {
  it('tells with what it does', () => {
    const all = upgrades({ box: { ...box, memoryBytes: 700 * MiB } });
    expect(all.map(({ code }) => code)).toContain('MORE_MEMORY');
    const bigger = all.find(({ code }) => code === 'MORE_MEMORY');
    // Sold with 4 GiB, of which the kernel counts a little less.
    expect(bigger?.request.box.memoryBytes).toBe(Math.floor(4 * GiB * (1960 / 2048)));
    expect(bigger?.buys.dau).toBe(bigger?.capacity.dau);
  });
});

it('are three at most, the least work first, each a plan that fits and buys something, and quick', () => {
  fc.assert(
    fc.property(planRequests(), (request) => {
      const plan = planBox(request);
      let all: ReturnType<typeof nextUpgrades> = [];
      const tookMs = cpuMsOf(() => {
        all = nextUpgrades(plan);
      });
      expect(tookMs).toBeLessThan(200);
      expect(all.length).toBeLessThanOrEqual(3);
      const order = all.map(({ code }) => UPGRADE_CODES.indexOf(code));
      expect(order).toEqual([...order].sort((one, other) => one - other));
      for (const upgrade of all) {
        expect(planBox(upgrade.request)).toEqual(upgrade.plan);
        if (plan.fits) expect(upgrade.buys.dau).toBeGreaterThan(0);
      }
    }),
    { numRuns: 60 },
  );
});

function nothing(): never {
  throw new Error('there is no second box');
}
