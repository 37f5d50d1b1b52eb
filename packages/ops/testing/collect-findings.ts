import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { checks } from '../src/doctor/check-list.ts';
import type { FindingOutcome } from '../src/doctor/examination.ts';

// What the tests of the checks make them say, for the reference: it shows real findings of sick servers, not made-up ones,
// and no check is in it that was not seen on a healthy, a sick and an unreadable one.
const folder = process.env.MAQUE_COLLECT_FINDINGS ?? '';
const found: { id: string; finding: Omit<FindingOutcome, 'repair'> & { mendable: boolean } }[] = [];
const seen = new Map<string, Set<string>>();

for (const check of checks) {
  const { look } = check;
  check.look = async (patient) => {
    const outcomes = await look.call(check, patient);
    for (const outcome of outcomes) {
      seen.set(check.id, (seen.get(check.id) ?? new Set()).add(outcome.kind));
      if (outcome.kind !== 'finding') continue;
      const { repair, ...finding } = outcome;
      found.push({ id: check.id, finding: { ...finding, mendable: repair !== undefined } });
    }
    return outcomes;
  };
}

afterAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${crypto.randomUUID()}.json`),
    JSON.stringify({ found, seen: Array.from(seen, ([id, kinds]) => ({ id, kinds: [...kinds] })) }),
  );
});
