import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GiB, MiB } from '@maque/kit';
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
import { mysql } from './mysql.ts';

const CONFIG = '/etc/mysql/mysql.conf.d/zz-maque.cnf';
const MOST_REAL_RUNS = 30;
const plans = fittingPlans().filter(({ services }) => services.some(({ kind }) => kind === 'mysql'));

/**
 * What MariaDB does not have, or has otherwise; with the range that the reference manual of MySQL 8.0 and 8.4 gives
 * ("Server System Variables", "InnoDB Startup Options and System Variables", "X Plugin Options").
 */
const OF_MYSQL_ALONE: Readonly<Record<string, readonly [least: number, most: number] | readonly string[]>> = {
  innodb_buffer_pool_instances: [1, 64],
  innodb_buffer_pool_chunk_size: [MiB, Number.MAX_SAFE_INTEGER],
  innodb_redo_log_capacity: [8 * MiB, 512 * GiB],
  innodb_flush_method: ['fsync', 'O_DSYNC', 'O_DIRECT', 'O_DIRECT_NO_FSYNC'],
  temptable_max_ram: [2 * MiB, Number.MAX_SAFE_INTEGER],
  temptable_max_mmap: [0, Number.MAX_SAFE_INTEGER],
  skip_log_bin: [''],
  mysqlx: ['ON', 'OFF'],
};

function configOf(...args: Parameters<typeof mysql.render>): string {
  return mysql.render(...args).find(({ path }) => path === CONFIG)?.content ?? '';
}

describe("MySQL's file", () => {
  it("keeps to the ranges of MySQL's manual, and to MariaDB's where both have the option", async () => {
    await using folder = await tempFolder();
    const samples = fc.sample(fc.tuple(plans, renderChoices()), 200);
    const contents = new Set(samples.map(([plan, options]) => configOf(plan, options)));
    const common = new Set<string>();
    for (const content of contents) {
      const kept: string[] = [];
      for (const { name, value } of await optionsIn(content)) {
        const range = OF_MYSQL_ALONE[name.replace(/^loose_/, '')];
        if (range === undefined) kept.push(`${name} = ${value}`);
        else expect([name, value, isWithin(value, range)]).toEqual([name, value, true]);
      }
      common.add(`[mysqld]\n${kept.join('\n')}\n`);
    }
    // What both have is the same as in MariaDB's file, of which 200 are tried.
    await inParallel([...common].slice(0, MOST_REAL_RUNS), async (content, index) => {
      const path = join(folder.path, `${index}.cnf`);
      writeFileSync(path, content);
      const values = await valuesByMariadb(path);
      for (const { name, value } of await optionsIn(content)) {
        const plainName = name.replace(/^loose_/, '');
        expect([plainName, plainValue(values.get(plainName) ?? '')]).toEqual([plainName, plainValue(value)]);
      }
    });
  }, 60_000);

  it('has a pool that MySQL does not round up', () => {
    fc.assert(
      fc.property(plans, renderChoices(), (plan, options) => {
        const planned = plan.services.find((one): one is PlannedDatabase => one.kind === 'mysql');
        const content = configOf(plan, options);
        const number = (name: string) =>
          Number(plainValue(new RegExp(`^${name} = (\\S+)$`, 'm').exec(content)?.[1] ?? ''));
        const pool = number('innodb_buffer_pool_size');
        expect(pool).toBeLessThanOrEqual(planned?.poolBytes ?? 0);
        expect(pool % number('innodb_buffer_pool_chunk_size')).toBe(0);
      }),
    );
  });

  it('explains each of its numbers, and nothing else', () => {
    const services = shopRequest().services.filter(({ kind }) => kind !== 'mariadb');
    const plan = planBox({ ...shopRequest(), services: [...services, { kind: 'mysql', name: 'mysql' }] });
    if (!plan.fits) throw new Error('the shop does not fit');
    const files = mysql.render(plan, renderOptions());
    expect(unusedMeanings(mysql, files)).toEqual([]);
    expect(unexplainedNumbers(files)).toEqual([]);
  });
});

function isWithin(value: string, range: readonly [number, number] | readonly string[]): boolean {
  const [least, most] = range;
  if (typeof least !== 'number' || typeof most !== 'number') return range.some((one) => one === value);
  const number = Number(plainValue(value));
  return number >= least && number <= most;
}
