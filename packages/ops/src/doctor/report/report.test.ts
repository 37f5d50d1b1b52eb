import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import type { Check, Outcome } from '../check.ts';
import type { Examination } from '../examination.ts';
import { verdictOf } from '../examination.ts';
import { examinationJson } from './examination-json.ts';
import { examinationMarkdown } from './examination-markdown.ts';
import { examinationSchema } from './examination-schema.ts';
import { formatExamination } from './format-examination.ts';

const both = (text: string) => ({ en: text, zh: `中文 ${text}` });
const ok: Outcome = { kind: 'ok', evidence: 'all of it' };
const unknown: Outcome = { kind: 'unknown', reason: both('needs {who}'), data: { who: 'root' } };
const absent: Outcome = { kind: 'not-applicable' };

function finding(severity: 'critical' | 'warning' | 'info', thing = 'shop.service'): Outcome {
  return {
    kind: 'finding',
    severity,
    text: both('{thing} has no limit'),
    data: { thing },
    evidence: `MemoryMax=infinity of ${thing}`,
    fix: [{ where: both('write a drop-in'), lines: ['[Service]', 'MemoryMax=600M'] }],
    repair: { path: `/etc/systemd/system/${thing}.d/x.conf`, rewrite: () => '' },
  };
}

function examinationOf(all: Readonly<Record<string, readonly Outcome[]>>): Examination {
  const results = Object.entries(all).map(([id, outcomes]) => {
    const check: Check = {
      id,
      name: `check-${id.toLowerCase()}`,
      group: 'units',
      title: both(`Title ${id}`),
      why: both(`Reason ${id}`),
      explanation: both(`Explanation ${id}`),
      look: async () => [],
    };
    return { check, outcomes, leftOut: 0 };
  });
  return { startedAtMs: Date.UTC(2026, 4, 1), results };
}

const sick = examinationOf({
  A1: [ok],
  B1: [finding('warning')],
  B2: [finding('warning', 'a.service'), finding('critical', 'b.service')],
  B3: [unknown],
  B4: [absent],
});

it('judges by the worst; what could not be looked at is neither fine nor a finding', () => {
  expect(verdictOf(sick)).toBe('critical');
  expect(verdictOf(examinationOf({ A1: [ok], B1: [finding('warning')] }))).toBe('findings');
  expect(verdictOf(examinationOf({ A1: [ok], B1: [finding('info')], B3: [unknown] }))).toBe('fine');
  expect(verdictOf(examinationOf({ B3: [unknown], B4: [absent] }))).toBe('findings');
});

it('tells the worst first, each fix once, and the sum last', () => {
  expect(formatExamination(sick, { language: 'en', asRoot: false })).toEqual([
    'B2  Title B2  check-b2',
    '  ✗ b.service has no limit',
    '    seen: MemoryMax=infinity of b.service',
    '  ! a.service has no limit',
    '    seen: MemoryMax=infinity of a.service',
    '  why: Reason B2',
    '  fix: write a drop-in',
    '    [Service]',
    '    MemoryMax=600M',
    '',
    'B1  Title B1  check-b1',
    '  ! shop.service has no limit',
    '    seen: MemoryMax=infinity of shop.service',
    '  why: Reason B1',
    '  fix: write a drop-in',
    '    [Service]',
    '    MemoryMax=600M',
    '',
    'critical 1, warnings 2, remarks 0 · fine 1 · not known 1 · not here 1',
    'Not known is not fine: 1 could not be looked at; --all tells why',
    'root sees more: sudo maque doctor',
    'maque doctor --fix mends: B2, B1',
  ]);
});

it('tells all that was asked for, in Chinese too', () => {
  const text = formatExamination(sick, { language: 'zh-CN', all: true, explain: true }).join('\n');
  for (const part of [
    '中文 Explanation B1',
    '中文 Title B3: 中文 needs root',
    'A1  中文 Title A1: all of it',
  ])
    expect(text).toContain(part);
  expect(text).toMatch(/不涉及\n {2}B4 {2}中文 Title B4$/m);
});

it('shows of many findings of one check as many as anybody reads', () => {
  const many = examinationOf({
    B1: Array.from({ length: 50 }, (_, index) => finding('warning', `u${index}`)),
  });
  const lines = formatExamination(many, { language: 'en' });
  expect(lines.filter((line) => line.includes('has no limit'))).toHaveLength(20);
  expect(lines).toContain('  … and 30 more');
});

it('is Markdown that its own evidence cannot break', () => {
  const broken = { ...finding('warning'), evidence: 'a `b` ``c``\nd' } as Outcome;
  const text = examinationMarkdown(examinationOf({ B1: [broken], B3: [unknown] }), {
    language: 'en',
    all: true,
  });
  expect(text).toContain("- 🟡 shop.service has no limit\n  ``a `b` ''c'' · d ``");
  expect(text).toContain('````\n[Service]\nMemoryMax=600M\n````');
  expect(text).toContain('- B3 Title B3: needs root');
});

it('is data as the published schema says', () => {
  const validator = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats.default(validator);
  const validate = validator.compile(examinationSchema);
  const data = JSON.parse(JSON.stringify(examinationJson(sick, 'zh-CN')));
  expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
  expect(data).toMatchObject({
    verdict: 'critical',
    counts: { critical: 1, warning: 2, unknown: 1, notApplicable: 1 },
    findings: [{ id: 'B2', severity: 'critical', message: '中文 b.service has no limit' }, {}, {}],
    unknown: [{ id: 'B3', reason: '中文 needs root' }],
    notApplicable: [{ id: 'B4' }],
  });
  expect(validate({ ...data, verdict: 'splendid' })).toBe(false);
  expect(validate({ ...data, more: 1 })).toBe(false);
});
