import type { BoxPlan } from '../../plan/box/box-plan.ts';
import { type AppPlace, appPlaces } from '../app-places.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderOptions, RenderTarget } from '../target.ts';
import { accounts } from './systemd/accounts.ts';
import { boxDropIns } from './systemd/box-drop-ins.ts';
import { isEnvironment } from './systemd/environment-budgets.ts';
import { javaUnit } from './systemd/java-unit.ts';
import { environmentUnits, maqueUnit } from './systemd/maque-units.ts';
import { meanings } from './systemd/meanings.ts';
import { nodeUnit } from './systemd/node-unit.ts';
import { pythonUnit } from './systemd/python-unit.ts';
import { slices } from './systemd/slices.ts';

/** Units of the apps with their limits, and what the rest of the box needs to live beside them. */
export const systemd: RenderTarget = {
  name: 'systemd',
  summary: {
    en: 'Units of the apps with memory limits and hardening, slices, other environments, updates at night',
    zh: '应用的 systemd 单元（内存上限、加固）、slice、其他环境、夜间更新',
  },
  belongsTo: 'server',
  meanings,
  render(plan, options) {
    const places = appPlaces(plan, options);
    return [
      ...(places.length === 0 ? [] : [accounts(options)]),
      ...places.flatMap((place) => (isEnvironment(place, options) ? [] : unitsOf(place, plan, options))),
      ...slices(plan, options),
      ...boxDropIns(plan, options),
    ];
  },
};

function unitsOf(place: AppPlace, plan: BoxPlan, options: RenderOptions): readonly RenderedFile[] {
  const { service } = place;
  switch (service.kind) {
    case 'maque': {
      const environments = place.isMain ? environmentUnits(place, plan, options) : [];
      return [maqueUnit(place, service, plan, options), ...environments];
    }
    case 'node':
      return service.request.keptBy === 'pm2' ? [] : [nodeUnit(place, service, plan, options)];
    case 'java':
      return [javaUnit(place, plan, options)];
    case 'python':
      return [pythonUnit(place, service, plan, options)];
  }
}
