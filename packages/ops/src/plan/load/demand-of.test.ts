import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import type { LoadRequest, PlanRequest } from '../box/box-request.ts';
import { demandOf } from './demand-of.ts';

function demandWith(load: LoadRequest, more: Partial<PlanRequest> = {}) {
  return demandOf({ ...shopRequest(), load, ...more });
}

describe('from the users of a day', () => {
  it('comes to a peak by the habits of the kind of program', () => {
    const demand = demandWith({ program: 'shop', dau: 5_000 });
    expect(demand.peakQps).toBeCloseTo(5_000 * 40 * 0.12 * 5 * (1 / 3600), 6);
    expect(demand.formulas.peakQps).toBe('5000 × 40 × 0.12 ÷ 3600 × 5');
    expect(demand.dauSource).toBe('told');
    expect(demand.sockets).toBe(0);
  });

  it('asks for sockets where people talk', () => {
    expect(demandWith({ program: 'chat', dau: 1_000 }).sockets).toBe(150);
    expect(demandWith({ program: 'live', dau: 1_000 }).sockets).toBe(350);
  });

  it('grows in proportion', () => {
    const [one, ten] = [100, 1_000].map((dau) => demandWith({ program: 'community', dau }));
    expect(ten?.peakQps).toBeCloseTo((one?.peakQps ?? 0) * 10, 6);
    expect(ten?.diskBytesPerDay).toBeCloseTo((one?.diskBytesPerDay ?? 0) * 10, 3);
  });

  it('is a guess, and says so, where nothing was told', () => {
    expect(demandWith({ program: 'tool' })).toMatchObject({ dau: 1_000, dauSource: 'assumed' });
  });
});

describe('what was told', () => {
  it('wins over what is estimated', () => {
    const told = demandWith({
      program: 'shop',
      dau: 5_000,
      peakQps: 80,
      peakConcurrency: 40,
      sockets: 12,
      uploadsPerDay: 10,
      uploadBytes: MiB,
    });
    expect(told).toMatchObject({ peakQps: 80, concurrency: 40, sockets: 12 });
    expect(told.diskBytesPerDay).toBe(5_000 * 3 * 1024 + 10 * MiB);
  });

  it('leads back to the users of a day', () => {
    const demand = demandWith({ program: 'shop', peakQps: 33.3333 });
    expect(demand).toMatchObject({ dau: 5_000, dauSource: 'derived' });
    expect(demandWith({ program: 'live', sockets: 350 })).toMatchObject({
      dau: 1_000,
      dauSource: 'derived',
    });
  });

  it('in two words plans for the greater of them', () => {
    expect(demandWith({ program: 'shop', dau: 100, peakConcurrency: 10 }).peakQps).toBe(200);
    expect(demandWith({ program: 'shop', dau: 50_000, peakConcurrency: 1 }).peakQps).toBeGreaterThan(300);
  });
});

describe('files', () => {
  const load: LoadRequest = { program: 'community', dau: 1_000 };

  it('neither weigh on the line nor on the disk when they lie elsewhere', () => {
    const here = demandWith(load);
    const away = demandWith(load, { elsewhere: ['object-store'] });
    expect(away.answerBytes).toBeLessThan(here.answerBytes / 5);
    expect(away.uploadBytesPerRequest).toBe(0);
    expect(away.diskBytesPerDay).toBeLessThan(here.diskBytesPerDay / 10);
  });

  it('are in the answers that were measured', () => {
    const calibration = { measuredAt: '2026-01-01T00:00:00Z', answerBytes: 9_000 };
    expect(demandWith(load, { calibration }).answerBytes).toBe(9_000);
    expect(demandWith(load, { calibration, elsewhere: ['object-store'] }).answerBytes).toBe(4_096);
  });
});

it('is made of possible numbers, whatever is asked', () => {
  fc.assert(
    fc.property(planRequests(), (request) => {
      const { formulas, dauSource, ...numbers } = demandOf(request);
      for (const [name, value] of Object.entries(numbers)) {
        expect(Number.isFinite(value), name).toBe(true);
        expect(value, name).toBeGreaterThanOrEqual(0);
      }
      expect(numbers.dau).toBeGreaterThanOrEqual(1);
      expect(Object.values(formulas).every((formula) => !/NaN|undefined|Infinity/.test(formula))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
