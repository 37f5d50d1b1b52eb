import { GiB, MiB, systemClock } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fittingPlans, shopRequest } from '../../testing/plan-requests.ts';
import { recordedHost } from '../../testing/recorded-host.ts';
import { renderedHost } from '../../testing/rendered-host.ts';
import { checks } from '../doctor/check-list.ts';
import { limitsOversold } from '../doctor/checks/limits-oversold.ts';
import { findingsOf } from '../doctor/examination.ts';
import { examine } from '../doctor/examine.ts';
import { Patient } from '../doctor/patient.ts';
import type { BoxPlan } from '../plan/box/box-plan.ts';
import { planBox } from '../plan/box/plan-box.ts';
import { render } from './render.ts';
import { renderOptions } from './render-options.ts';
import type { RenderedFile } from './rendered-file.ts';

/** Checks that look at what the files say. */
const OF_FILES = (
  'A3 A5 A6 A9 A10 A11 A14 B2 B3 B4 B5 B6 B7 C2 C3 C4 C8 D1 D3 D4 D5 D7 D8 D9 E1 E3 E6 ' +
  'F2 F3 F4 F5 F8 F10 G2 G3 G7 G8 G10 H7'
).split(' ');

/** This plan has no exporter: nobody asked for one. */
const UNASKED = new Set(['H5']);

const options = renderOptions({
  domain: 'shop.example.com',
  certificate: '/etc/ssl/shop.pem',
  certificateKey: '/etc/ssl/shop.key',
});

function shop(): BoxPlan {
  const request = shopRequest();
  const services = [...request.services, { kind: 'watcher', name: 'earlyoom', program: 'earlyoom' } as const];
  const plan = planBox({ ...request, services });
  if (!plan.fits) throw new Error('the usual shop does not fit');
  return plan;
}

async function examined(
  plan: BoxPlan,
  change: (files: readonly RenderedFile[]) => readonly RenderedFile[] = (files) => files,
) {
  const host = recordedHost(renderedHost(plan, change(render(plan, options)), options));
  const { results } = await examine(new Patient(host), checks, { clock: systemClock });
  return results;
}

function told(results: Awaited<ReturnType<typeof examined>>): readonly string[] {
  const asked = results.filter(({ check }) => !UNASKED.has(check.id));
  return asked.flatMap((result) =>
    findingsOf(result).map(({ severity, evidence }) => `${result.check.id} ${severity}: ${evidence}`),
  );
}

it('is a box on which the doctor finds nothing', async () => {
  const results = await examined(shop());
  expect(told(results)).toEqual([]);
  const looked = results.filter(({ outcomes }) => outcomes.some(({ kind }) => kind === 'ok'));
  const ids = looked.map(({ check }) => check.id);
  expect(OF_FILES.filter((id) => !ids.includes(id))).toEqual([]);
});

it.each([
  ['sysctl', ['A6']],
  ['swap', ['A3']],
  ['systemd', ['B2', 'H7']],
  ['journald', ['G2']],
  ['backup', ['G7']],
])('would be sick without what %s makes', async (target, ids) => {
  const results = await examined(shop(), (files) => files.filter((file) => file.target !== target));
  const found = results.filter((result) => findingsOf(result).length > 0).map(({ check }) => check.id);
  expect(found).toEqual(expect.arrayContaining(ids));
});

it('is one whatever the plan', async () => {
  await fc.assert(
    fc.asyncProperty(fittingPlans().filter(isUsual), async (plan) => {
      expect(told(await examined(plan))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

it('sells no more than there is where the system was measured smaller than the doctor assumes it', async () => {
  const small = fittingPlans().map(({ request }) => {
    const calibration = { measuredAt: '2026-05-01T00:00:00.000Z', ...request.calibration, osBytes: 60 * MiB };
    return planBox({ ...request, calibration });
  });
  const isTight = (plan: ReturnType<typeof planBox>): plan is BoxPlan =>
    plan.fits && plan.request.box.bound === 'box' && plan.request.box.memoryBytes < 4 * GiB;
  await fc.assert(
    fc.asyncProperty(small.filter(isTight), async (plan) => {
      const host = recordedHost(renderedHost(plan, render(plan, options), options));
      const { results } = await examine(new Patient(host), [limitsOversold], { clock: systemClock });
      expect(told(results)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

/** One of each kind, on a machine of its own, and a database as it is advised: whoever gives it more is told, rightly so. */
function isUsual({ request, services }: BoxPlan): boolean {
  const count = (...kinds: readonly string[]) => services.filter(({ kind }) => kinds.includes(kind)).length;
  const isAdvised = request.services.every(
    (one) =>
      !(one.kind === 'mariadb' || one.kind === 'mysql') ||
      (one.performanceSchema !== true && one.poolBytes === undefined && one.connections === undefined),
  );
  return (
    isAdvised &&
    request.box.bound === 'box' &&
    count('nginx') <= 1 &&
    count('mariadb', 'mysql') <= 1 &&
    count('redis') <= 1
  );
}
