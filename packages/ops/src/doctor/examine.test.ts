import { createManualClock, systemClock } from '@maque/kit';
import { expect, it } from 'vitest';
import { recordedHost } from '../../testing/recorded-host.ts';
import type { Check, Outcome } from './check.ts';
import { examine } from './examine.ts';
import { Patient } from './patient.ts';

const patient = new Patient(recordedHost({}));
const ok: Outcome = { kind: 'ok', evidence: 'seen' };
const problem: Outcome = {
  kind: 'finding',
  severity: 'warning',
  text: { en: 'wrong', zh: '有误' },
  data: {},
  evidence: 'seen',
  fix: [],
};

function checkThat(id: string, look: Check['look']): Check {
  const text = { en: id, zh: id };
  return { id, name: id.toLowerCase(), group: 'memory', title: text, why: text, explanation: text, look };
}

async function outcomesOf(checks: readonly Check[], limits: { eachMs?: number; allMs?: number } = {}) {
  const { results } = await examine(patient, checks, { clock: systemClock, ...limits });
  return results.map(({ check, outcomes }) => [check.id, outcomes] as const);
}

it('asks all checks and answers in their order, though some take longer', async () => {
  const second = Promise.withResolvers<readonly Outcome[]>();
  const checks = [
    checkThat('A1', () => second.promise),
    checkThat('A2', async () => {
      second.resolve([problem]);
      return [ok];
    }),
  ];
  expect(await outcomesOf(checks)).toEqual([
    ['A1', [problem]],
    ['A2', [ok]],
  ]);
});

it('takes a check that fails for unknown, and tells its code but not its words', async () => {
  const secret = Object.assign(new Error('password=123'), { code: 'ERR_PARSE' });
  const found = await outcomesOf([
    checkThat('A1', () => Promise.reject(secret)),
    checkThat('A2', () => {
      throw new TypeError('password=123');
    }),
    checkThat('A3', async () => [ok]),
  ]);
  expect(found).toMatchObject([
    ['A1', [{ kind: 'unknown', data: { error: 'ERR_PARSE' } }]],
    ['A2', [{ kind: 'unknown', data: { error: 'TypeError' } }]],
    ['A3', [ok]],
  ]);
  expect(JSON.stringify(found)).not.toContain('123');
});

it('waits for no check longer than its time, and lets the others look', async () => {
  const never = () => new Promise<never>(() => {});
  const found = await outcomesOf([checkThat('A1', never), checkThat('A2', async () => [ok])], { eachMs: 20 });
  expect(found).toMatchObject([
    ['A1', [{ kind: 'unknown', reason: { en: 'no answer within {seconds} s' } }]],
    ['A2', [ok]],
  ]);
});

it('says unknown of all that is left when the time of the whole is up', async () => {
  const clock = createManualClock();
  const slow = checkThat('A1', async () => {
    clock.advance(1_000);
    return [ok];
  });
  const rest = Array.from({ length: 20 }, (_, index) => checkThat(`B${index}`, () => new Promise(() => {})));
  const { results } = await examine(patient, [slow, ...rest], { clock, eachMs: 20, allMs: 500 });
  expect(results).toHaveLength(21);
  expect(results.filter(({ outcomes }) => outcomes[0]?.kind === 'unknown')).toHaveLength(20);
});

it('keeps a bounded number of outcomes, findings first', async () => {
  const many = [...Array.from({ length: 300 }, () => ok), problem];
  const { results } = await examine(patient, [checkThat('A1', async () => many)], { clock: systemClock });
  expect(results[0]?.outcomes).toHaveLength(100);
  expect(results[0]).toMatchObject({ leftOut: 201, outcomes: { 0: problem } });
});
