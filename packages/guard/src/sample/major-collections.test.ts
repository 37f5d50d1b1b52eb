import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Collector } from '../collect-garbage.ts';
import { onMajorCollection } from './major-collections.ts';

const collector = new Collector();
let stop = () => {};
afterEach(() => stop());

async function turns(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await turn();
}

it('sees each major collection and no minor one', async () => {
  let majors = 0;
  stop = onMajorCollection(() => {
    majors += 1;
  });
  for (let round = 1; round <= 3; round += 1) {
    for (let minor = 0; minor < 20; minor += 1) collector.minor();
    await turns(5);
    collector.major();
    await turns(5);
  }
  // Those that V8 makes by itself meanwhile count, too.
  expect(majors).toBeGreaterThanOrEqual(3);
  expect(majors).toBeLessThan(10);
});

it('sees none any more once it is stopped', async () => {
  let majors = 0;
  onMajorCollection(() => {
    majors += 1;
  })();
  collector.major();
  await turns(5);
  expect(majors).toBe(0);
});
