import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingPlans } from '../../../../testing/plan-requests.ts';
import { renderChoices } from '../../../../testing/render-choices.ts';
import { verifyUnits, writeUnits } from '../../../../testing/verify-units.ts';
import type { RenderTarget } from '../../target.ts';
import { mariadb } from '../mariadb.ts';
import { mysql } from '../mysql.ts';
import { nginx } from '../nginx.ts';
import { redis } from '../redis.ts';

const OWNERS: readonly RenderTarget[] = [nginx, mariadb, mysql, redis];
const PLANS = 25;

describe('what is added to the units of the distribution', () => {
  it('is taken by systemd without a word, whatever the plan', async () => {
    const samples = fc.sample(fc.tuple(fittingPlans(), renderChoices()), PLANS);
    for (const [plan, options] of samples) {
      const files = OWNERS.flatMap((target) => target.render(plan, options));
      await using folder = await tempFolder();
      const units = writeUnits(folder.path, files);
      if (units.length > 0) expect(verifyUnits(folder.path, units)).toBe('');
    }
  });
});
