import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, HOUR, MINUTE } from '@maque/kit';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { backups, clock, folder, START } from '../../../testing/backed-up-server.ts';
import { silentLogger } from '../../logging/logger.ts';
import { BackupGauge } from './backup-gauge.ts';

it('tells when the newest whole backup was made, whoever made it', async () => {
  const gauge = new BackupGauge({ folder: folder.backups, log: silentLogger, clock });
  const value = () => {
    const [metric] = gauge.metrics();
    return metric?.type === 'gauge' ? metric.samples[0]?.value : undefined;
  };
  expect(value()).toBeUndefined();
  const first = clock.now();
  await backups().make({ to: 'disk', hasSecrets: true });
  clock.advance(DAY);
  const second = clock.now();
  const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
  await waitUntil('the second', () => value() === second / 1_000);
  expect(second - first).toBe(DAY);
  expect(first).toBeGreaterThanOrEqual(START);

  await rm(join(folder.backups, manifest.name, 'backup.json'));
  clock.advance(MINUTE / 2);
  expect(value()).toBe(second / 1_000);
  clock.advance(HOUR);
  await waitUntil('the first', () => value() === first / 1_000);
});
