import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { checks } from '../src/doctor/check-list.ts';
import type { FindingOutcome } from '../src/doctor/examination.ts';

// What the tests of the checks make them find, for the reference: it shows real findings of sick servers, not made-up ones.
const folder = process.env.MAQUE_COLLECT_FINDINGS ?? '';
const found: { id: string; finding: Omit<FindingOutcome, 'repair'> & { mendable: boolean } }[] = [];

for (const check of checks) {
  const { look } = check;
  check.look = async (patient) => {
    const outcomes = await look.call(check, patient);
    for (const outcome of outcomes) {
      if (outcome.kind !== 'finding') continue;
      const { repair, ...finding } = outcome;
      found.push({ id: check.id, finding: { ...finding, mendable: repair !== undefined } });
    }
    return outcomes;
  };
}

afterAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${crypto.randomUUID()}.json`), JSON.stringify(found));
});
