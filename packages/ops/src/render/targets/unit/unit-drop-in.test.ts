import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { describe, expect, it } from 'vitest';
import { shopRequest } from '../../../../testing/plan-requests.ts';
import { planBox } from '../../../plan/box/plan-box.ts';
import { renderOptions } from '../../render-options.ts';
import { mariadb } from '../mariadb.ts';
import { nginx } from '../nginx.ts';
import { redis } from '../redis.ts';

const FOLDER = '/etc/systemd/system/';
const OF_PACKAGES = '/lib/systemd/system/';

describe('what is added to the units of the distribution', () => {
  it.each([
    [nginx, 'nginx.service'],
    [mariadb, 'mariadb.service'],
    [redis, 'redis-server.service'],
  ])('$name: systemd has nothing to say', async (target, unit) => {
    await using folder = await tempFolder();
    const plan = planBox(shopRequest());
    if (!plan.fits) throw new Error('the shop does not fit');
    const file = target
      .render(plan, renderOptions({ language: 'zh-CN' }))
      .find(({ path }) => path.startsWith(`${FOLDER}${unit}.d/`));
    const path = join(folder.path, (file?.path ?? '').slice(FOLDER.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file?.content ?? '');
    expect(existsSync(OF_PACKAGES + unit)).toBe(true);
    const own = readFileSync(OF_PACKAGES + unit, 'utf8');
    writeFileSync(join(folder.path, unit), own);
    const env = { ...process.env, SYSTEMD_UNIT_PATH: `${folder.path}:` };
    const args = ['verify', '--man=no', '--recursive-errors=one', join(folder.path, unit)];
    const said = spawnSync('systemd-analyze', args, { env });
    // What the package's own unit says without ours is not ours.
    const before = spawnSync('systemd-analyze', ['verify', '--man=no', OF_PACKAGES + unit], {
      env: process.env,
    });
    const lines = (text: Buffer) =>
      text
        .toString()
        .split('\n')
        .map((line) => line.replaceAll(/^\S+: ?/g, ''));
    const known = new Set(lines(before.stderr));
    expect(lines(said.stderr).filter((line) => !known.has(line))).toEqual([]);
  });
});
