import { MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { measureImports } from './measure-imports.ts';
import { packageClient } from './package-client.ts';

it('importing the WeChat client, as it is shipped, takes 3 MiB of RSS at the most', async () => {
  await using folder = await tempFolder();
  const [client] = packageClient(folder.path);
  if (client === undefined) throw new Error('there is no client');
  const nothing = { name: 'nothing', specifier: 'data:text/javascript,' };
  const [cost, none] = measureImports([client, nothing], 3, () => undefined);
  expect(cost?.rss).toBeLessThan(3 * MiB);
  // What is measured is the import: nothing takes nothing, and the client something.
  expect(none?.rss).toBeLessThan(MiB);
  expect(cost?.rss).toBeGreaterThan(MiB / 2);
});
