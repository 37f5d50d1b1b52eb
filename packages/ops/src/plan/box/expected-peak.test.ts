import { GiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingPlans, shopRequest } from '../../../testing/plan-requests.ts';
import { expectedPeakBytes, expectedPeaks, type PeakLoad } from './expected-peak.ts';
import { planBox } from './plan-box.ts';
import type { ServiceRequest } from './service-request.ts';

function peakOf(service: ServiceRequest, load: Partial<PeakLoad> = {}): number {
  const box = { memoryBytes: 8 * GiB, bound: 'cgroup-v1', cores: 2 } as const;
  const plan = planBox({ box, services: [service], load: { program: 'shop' } });
  if (!plan.fits) throw new Error('does not fit');
  return expectedPeakBytes(plan, { ...quiet, ...load }) / MiB;
}

/** A short run against a small database: caches do not fill. */
const quiet: Partial<PeakLoad> = { cachedBytes: 0, databaseBytes: 0, sqliteBytes: 0, sockets: 0 };

/** Sizes in MiB, as they were measured on two cores. */
const MEASURED: readonly [string, number, () => number][] = [
  ['Maque, two workers, 100 connections', 212, () => maque(1355, 100)],
  ['Maque, two workers, 800 requests', 227, () => maque(1355, 800)],
  ['Maque, two workers in 512 MiB', 200, () => maque(512, 100)],
  ['Node, H 256, 60 live', 247, () => oneNode(256, 60)],
  ['Node, H 256, 128 live', 287, () => oneNode(256, 128)],
  ['Node, H 512, 256 live', 442, () => oneNode(512, 256)],
  ['Node, H 128, 64 live', 200, () => oneNode(128, 64)],
  ['JDK server, Xmx 64', 96, () => java('plain', 64)],
  ['JDK server, Xmx 128', 112, () => java('plain', 128)],
  ['JDK server, Xmx 256', 150, () => java('plain', 256)],
  ['Tomcat, Xmx 128', 147, () => java('tomcat', 128)],
  ['Tomcat, Xmx 256', 189, () => java('tomcat', 256)],
  [
    'Gunicorn, four workers',
    104.3,
    () => peakOf({ kind: 'python', name: 'py', server: 'gunicorn', workers: 4 }),
  ],
  ['nginx, 2,000 idle connections', 42.5, () => peakOf(proxy, { idleConnections: 2_000, concurrency: 0 })],
];

const proxy: ServiceRequest = { kind: 'nginx', name: 'nginx', connections: 2_000 };

function maque(memory: number, concurrency: number): number {
  const service: ServiceRequest = { kind: 'maque', name: 'm', workers: 2, memoryBytes: memory * MiB };
  return peakOf(service, { concurrency });
}

function oneNode(oldSpaceMb: number, live: number): number {
  const service: ServiceRequest = { kind: 'node', name: 'n', workers: 1, oldSpaceMb, keptBy: 'systemd' };
  return peakOf(service, { liveHeapBytes: live * MiB });
}

function java(framework: 'plain' | 'tomcat', heapMb: number): number {
  return peakOf({ kind: 'java', name: 'j', framework, heapMb });
}

describe('the expected peak', () => {
  it.each(MEASURED)('is not below what was measured of %s: %d', (_, measured, expected) => {
    expect(expected()).toBeGreaterThanOrEqual(measured);
    expect(expected()).toBeLessThanOrEqual(measured * 1.3);
  });

  it('is at most 20 % above at the median', () => {
    const above = MEASURED.map(([, measured, expected]) => expected() / measured).sort((a, b) => a - b);
    expect(above[Math.floor(above.length / 2)]).toBeLessThan(1.2);
  });

  it('is never above the budget', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        for (const [index, { service, bytes }] of expectedPeaks(plan).entries()) {
          expect(service).toBe(plan.services[index]?.request.name);
          expect(bytes).toBeGreaterThan(0);
          expect(bytes).toBeLessThanOrEqual(plan.services[index]?.budgetBytes ?? 0);
        }
      }),
    );
  });

  it('is what was measured on the box, where it was', () => {
    const calibration = { measuredAt: '2026-06-01T04:00:00Z', peakBytes: { mariadb: 70 * MiB } };
    const plan = planBox({ ...shopRequest(), calibration });
    const peaks = plan.fits ? expectedPeaks(plan) : [];
    expect(peaks).toContainEqual({ service: 'mariadb', bytes: 70 * MiB });
  });
});
