import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import type { PlanRequest } from './box-request.ts';
import { checkRequest } from './check-request.ts';
import { planBox } from './plan-box.ts';
import type { ServiceRequest } from './service-request.ts';

const pathsOf = (request: PlanRequest) => checkRequest(request).map(({ path }) => path);
const withServices = (...services: ServiceRequest[]): PlanRequest => ({ ...shopRequest(), services });

it('finds nothing in a possible request', () => {
  fc.assert(
    fc.property(planRequests(), (request) => {
      expect(checkRequest(request)).toEqual([]);
    }),
  );
});

it('finds everything that is impossible at once, each with its place', () => {
  const request: PlanRequest = {
    box: { memoryBytes: Number.NaN, bound: 'box', cores: 1.5 },
    load: { program: 'shop', dau: -1, peakQps: Number.POSITIVE_INFINITY },
    services: [
      { kind: 'node', name: 'api', workers: 0, oldSpaceMb: 1 },
      { kind: 'node', name: 'api', keptBy: 'forever' as 'pm2' },
      { kind: 'redis', name: 'my redis', dataBytes: -1 },
      { kind: 'agent', name: 'panel' } as ServiceRequest,
    ],
    calibration: { measuredAt: 'yesterday', osBytes: 0.5, peakBytes: { api: -5 } },
  };
  expect(pathsOf(request).sort()).toEqual([
    'box.cores',
    'box.memoryBytes',
    'calibration.measuredAt',
    'calibration.osBytes',
    'calibration.peakBytes.api',
    'load.dau',
    'load.peakQps',
    'services[0].oldSpaceMb',
    'services[0].workers',
    'services[1].keptBy',
    'services[1].name',
    'services[2].dataBytes',
    'services[2].name',
    'services[3].bytes',
  ]);
});

it('says what is expected', () => {
  const request = withServices({ kind: 'node', name: 'api', workers: 0.5 });
  expect(checkRequest(request)).toEqual([
    {
      path: 'services[0].workers',
      issue: { en: '{path}: {expected} is expected, not {actual}', zh: expect.any(String) },
      data: {
        path: 'services[0].workers',
        expected: { en: 'a whole number from 1 to 64', zh: '整数，1 到 64' },
        actual: '0.5',
      },
    },
  ]);
});

describe('a budget of Maque', () => {
  it('has room for the largest body: the server would not start otherwise', () => {
    const server = { bodyLimitBytes: 4 * MiB, bodyMemoryBytes: 2 * MiB };
    const request = withServices({ kind: 'maque', name: 'shop', server });
    expect(pathsOf(request)).toEqual(['services[0].server.bodyMemoryBytes']);
  });
});

it('is asked by the plan, which refuses with all of it', () => {
  const request = withServices({ kind: 'node', name: 'a b', workers: -1 });
  expect(() => planBox(request)).toThrow(
    expect.objectContaining({
      code: 'PLAN_REQUEST_INVALID',
      details: [{ path: 'services[0].name', issue: expect.any(String) }, expect.anything()],
    }),
  );
});
