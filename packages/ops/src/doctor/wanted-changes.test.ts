import { expect, it } from 'vitest';
import type { Outcome } from './check.ts';
import { checks } from './check-list.ts';
import { type Examination, verdictOf } from './examination.ts';
import { selectChecks } from './select-checks.ts';
import { wantedChanges, withoutMended } from './wanted-changes.ts';

function finding(path: string | undefined): Outcome {
  const repair = path === undefined ? {} : { repair: { path, rewrite: () => path } };
  const text = { en: 'wrong', zh: '有误' };
  return { kind: 'finding', severity: 'warning', text, data: {}, evidence: '', fix: [], ...repair };
}

function examinationOf(outcomes: readonly Outcome[]): Examination {
  const [check] = checks;
  if (check === undefined) throw new Error('there are no checks');
  return { startedAtMs: 0, results: [{ check, outcomes, leftOut: 0 }] };
}

it('wants what findings say is safe, and counts only what was made as mended', () => {
  const examination = examinationOf([finding('/etc/a'), finding(undefined), finding('/etc/b')]);
  const wanted = wantedChanges(examination);
  expect(wanted).toMatchObject([
    { reason: 'A1', path: '/etc/a' },
    { reason: 'A1', path: '/etc/b' },
  ]);
  const left = withoutMended(examination, wanted.slice(0, 1));
  expect(left.results[0]?.outcomes.map(({ kind }) => kind)).toEqual(['ok', 'finding', 'finding']);
  const easy = examinationOf([finding('/etc/a')]);
  expect(verdictOf(withoutMended(easy, wantedChanges(easy)))).toBe('fine');
});

it('finds checks by id, name and group, and knows what was meant', () => {
  expect(selectChecks(checks, 'a1')).toMatchObject({ checks: [{ id: 'A1' }] });
  expect(selectChecks(checks, 'mem-available, A1')).toMatchObject({ checks: [{ id: 'A1' }] });
  expect(selectChecks(checks, 'A1,mem-availabel')).toEqual({
    unknown: 'mem-availabel',
    nearest: 'mem-available',
  });
});
