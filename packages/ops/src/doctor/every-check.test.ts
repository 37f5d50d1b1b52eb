import { systemClock } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { recordedHost } from '../../testing/recorded-host.ts';
import { CHECK_GROUPS, type Outcome } from './check.ts';
import { checks } from './check-list.ts';
import { examine } from './examine.ts';
import type { Host, Reading } from './host/host.ts';
import { Patient } from './patient.ts';
import { examinationJson } from './report/examination-json.ts';
import { formatExamination } from './report/format-examination.ts';

/** A host that says one thing to whatever is asked of it. */
function hostThatSays(text: Reading<string>): Host {
  const instead = <Value>(value: Value): Reading<Value> =>
    text.kind === 'value' ? { kind: 'value', value } : text;
  const usual = recordedHost({});
  return {
    nowMs: usual.nowMs,
    wait: usual.wait,
    read: async () => text,
    follow: async () => text,
    list: async () => instead(['1', '2', 'some.conf']),
    stat: async (path) => instead({ ...FILE, kind: /\.\w+$/.test(path) ? 'file' : 'folder' }),
    space: async () => instead({ totalBytes: 0, freeBytes: 0, totalInodes: 0, freeInodes: 0 }),
    run: async () => instead({ stdout: text.kind === 'value' ? text.value : '', stderr: '', code: 0 }),
  };
}

const FILE = { bytes: 1, mode: 0o644, uid: 0, inode: 1, modifiedAtMs: 0 };
const NONSENSE = [
  '',
  '\0',
  'nonsense',
  '-1\n',
  '9e999 -9e999 NaN\n',
  '{}',
  '[null]',
  'a: b\n\n=\n',
  '{{{;'.repeat(999),
];

async function outcomesOn(host: Host): Promise<readonly (readonly [string, Outcome])[]> {
  const { results } = await examine(new Patient(host), checks, { clock: systemClock, eachMs: 5_000 });
  return results.flatMap(({ check, outcomes }) => outcomes.map((outcome) => [check.id, outcome] as const));
}

function idsOf(
  outcomes: readonly (readonly [string, Outcome])[],
  kinds: readonly Outcome['kind'][],
): string[] {
  return outcomes.filter(([, { kind }]) => kinds.includes(kind)).map(([id]) => id);
}

describe('every check', () => {
  it('has an id, a name, a group and texts in both languages', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
    for (const { id, name, title, why, explanation } of checks) {
      expect(id).toMatch(/^[A-Z]+\d+$/);
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const text of [title, why, explanation]) {
        expect(text.en, id).toMatch(/^\P{Script=Han}+$/u);
        expect(text.zh, id).toMatch(/\p{Script=Han}|^[\w. /-]+$/u);
      }
      expect(explanation.en.length, `explanation of ${id}`).toBeGreaterThan(60);
    }
  });

  it('stands with its group, in the order of groups', () => {
    const groups = checks.map(({ group }) => CHECK_GROUPS.indexOf(group));
    expect(groups).toEqual(groups.toSorted((a, b) => a - b));
  });

  it('says of what it may not read that it does not know', async () => {
    const outcomes = await outcomesOn(hostThatSays({ kind: 'unreadable', reason: 'EACCES' }));
    expect(idsOf(outcomes, ['ok', 'finding'])).toEqual([]);
    expect(failures(outcomes)).toEqual([]);
  });

  it('says of what is not there neither that it is fine nor that it fails', async () => {
    const outcomes = await outcomesOn(recordedHost({}));
    expect(idsOf(outcomes, ['ok'])).toEqual([]);
    expect(failures(outcomes)).toEqual([]);
  });

  it.each(NONSENSE)('does not break on %j', async (text) => {
    expect(failures(await outcomesOn(hostThatSays({ kind: 'value', value: text })))).toEqual([]);
  });
});

/** Checks that threw, or did not end. */
function failures(outcomes: readonly (readonly [string, Outcome])[]): unknown[] {
  return outcomes.filter(
    ([, outcome]) => outcome.kind === 'unknown' && /itself failed|no answer/.test(outcome.reason.en),
  );
}

describe('the whole list', () => {
  it('fits on a screen of every kind', async () => {
    const host = hostThatSays({ kind: 'value', value: 'nonsense' });
    const examination = await examine(new Patient(host), checks, { clock: systemClock });
    const said = ['en', 'zh-CN'] as const;
    for (const language of said) {
      const lines = formatExamination(examination, { language, all: true, explain: true });
      // A datum that is missing stays visible in its braces.
      expect(lines.filter((line) => /\{[a-zA-Z]+\}/.test(line))).toEqual([]);
      expect(JSON.parse(JSON.stringify(examinationJson(examination, language)))).toHaveProperty('counts');
    }
  });
});
