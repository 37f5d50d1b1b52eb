import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../testing/in-parallel.ts';
import { optionsIn, plainValue, valuesByMariadb } from '../../../testing/option-values.ts';
import { fittingPlans, shopRequest } from '../../../testing/plan-requests.ts';
import { unexplainedNumbers, unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { planBox } from '../../plan/box/plan-box.ts';
import type { PlannedDatabase } from '../../plan/box/planned-service.ts';
import { renderOptions } from '../render-options.ts';
import { mariadb } from './mariadb.ts';

const CONFIG = '/etc/mysql/mariadb.conf.d/99-maque.cnf';
const plans = fittingPlans().filter(({ services }) => services.some(({ kind }) => kind === 'mariadb'));

function configOf(...args: Parameters<typeof mariadb.render>): string {
  return mariadb.render(...args).find(({ path }) => path === CONFIG)?.content ?? '';
}

describe("MariaDB's file", () => {
  it('is taken by MariaDB as it stands, whatever the plan: no value is changed', async () => {
    await using folder = await tempFolder();
    const samples = fc.sample(fc.tuple(plans, renderChoices()), 200);
    const contents = new Set(samples.map(([plan, options]) => configOf(plan, options)));
    await inParallel(contents, async (content, index) => {
      const path = join(folder.path, `${index}.cnf`);
      writeFileSync(path, content);
      const values = await valuesByMariadb(path);
      const told = await optionsIn(content);
      expect(told.length).toBeGreaterThan(20);
      for (const { name, value } of told) {
        const plainName = name.replace(/^loose_/, '');
        expect([plainName, plainValue(values.get(plainName) ?? '')]).toEqual([plainName, plainValue(value)]);
      }
    });
  }, 60_000);

  it('has every number of the plan, and never a larger pool', () => {
    fc.assert(
      fc.property(plans, renderChoices(), (plan, options) => {
        const planned = plan.services.find((one): one is PlannedDatabase => one.kind === 'mariadb');
        const content = configOf(plan, options);
        const number = (name: string) =>
          Number(plainValue(new RegExp(`^${name} = (\\S+)$`, 'm').exec(content)?.[1] ?? ''));
        expect(number('innodb_buffer_pool_size')).toBeLessThanOrEqual(planned?.poolBytes ?? 0);
        expect(number('innodb_buffer_pool_size')).toBeGreaterThan((planned?.poolBytes ?? 0) - MiB);
        expect(number('max_connections')).toBe(Math.max(10, planned?.connections ?? 0));
        expect(number('tmp_table_size')).toBe(planned?.temporaryTableBytes);
        expect(number('sort_buffer_size')).toBe(planned?.sortBufferBytes);
        expect(number('join_buffer_size')).toBe(planned?.joinBufferBytes);
        expect(content).toContain(
          `performance_schema = ${planned?.performanceSchema === true ? 'ON' : 'OFF'}`,
        );
      }),
    );
  });

  it('explains each of its numbers, and nothing else', () => {
    const plan = planBox(shopRequest());
    if (!plan.fits) throw new Error('the shop does not fit');
    const files = mariadb.render(plan, renderOptions());
    expect(unusedMeanings(mariadb, files)).toEqual([]);
    expect(unexplainedNumbers(files)).toEqual([]);
  });
});
