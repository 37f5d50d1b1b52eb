import { MiB } from '@maque/kit';
import { cpuMsOf } from '@maque/testkit/process/cpu-time';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingPlans, planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import { displayWidth } from '../../present/display-width.ts';
import { planBox } from '../box/plan-box.ts';
import { boxPlanJson } from './box-plan-json.ts';
import { boxPlanMarkdown } from './box-plan-markdown.ts';
import { boxPlanSchema } from './box-plan-schema.ts';
import { type BoxReport, reportOn } from './box-report.ts';
import { formatBoxPlan } from './format-box-plan.ts';
import { formatCount } from './format-count.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;
const { box } = shopRequest();
const shop = reportOn(planBox(shopRequest()));
const small = reportOn(planBox({ ...shopRequest(), box: { ...box, memoryBytes: 520 * MiB } }));

function titles(report: BoxReport, language: 'en' | 'zh-CN'): readonly string[] {
  const marked = formatBoxPlan(report, {
    language,
    style: (style, text) => (style === 'bold' ? `# ${text}` : text),
  });
  return marked.filter((line) => line.startsWith('# ')).map((line) => line.slice(2));
}

describe('text', () => {
  it('begins with the verdict and goes on in the order in which one asks', () => {
    expect(titles(shop, 'en')).toEqual([
      'Do not  5,000 users a day, peak 33.3 requests a second',
      'Where the memory goes',
      'The sum',
      'Limits',
      'What it carries',
      'What to do next',
      'How it is put together',
    ]);
  });

  it('tells of what does not fit first what makes it fit', () => {
    expect(titles(small, 'zh-CN').slice(0, 3)).toEqual([
      '不要这样做  日活 5,000，高峰每秒 33.3 个请求',
      '内存去向',
      '做到下面任意一条即可装下',
    ]);
    expect(formatBoxPlan(small, { language: 'en' }).join('\n')).toMatch(
      /makes it fit\n {2}- (?:move \S+ to another machine|move .* to other machines)/,
    );
  });

  it('prints every term with its error, and with explain its source', () => {
    const lines = formatBoxPlan(shop, { language: 'en', explain: true });
    expect(lines.find((line) => line.startsWith('(box)'))).toMatch(
      /^\(box\) +operating system +180 +60 +180$/,
    );
    expect(lines.find((line) => line.startsWith('  operating system: '))).toMatch(/assumed/);
    expect(lines.find((line) => line.startsWith('in all'))).toMatch(/1960 +\d/);
  });

  it('keeps to the width of the terminal, in both languages', () => {
    fc.assert(
      fc.property(fittingPlans(), fc.constantFrom(80, 100), (plan, columns) => {
        for (const language of LANGUAGES) {
          const lines = formatBoxPlan(reportOn(plan), { language, columns, explain: true });
          // A name of a plan may have forty letters, and a row stays whole.
          const tooWide = lines.filter((line) => displayWidth(line) > columns);
          expect(tooWide).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
    const narrow = formatBoxPlan(shop, { language: 'en', columns: 60 });
    expect(narrow.filter((line) => displayWidth(line) > 63)).toEqual([]);
  });

  it('names the limits of every service and what it is set to', () => {
    const lines = formatBoxPlan(shop, { language: 'en' });
    expect(lines.find((line) => line.startsWith('mariadb') && line.includes('-500'))).toMatch(
      /innodb_buffer_pool_size \d+M/,
    );
    expect(lines.every((line) => line.trimEnd() === line)).toBe(true);
  });

  it('promises no more than the sum is good for', () => {
    expect([4_185, 27, 99_999, 1e6, Number.POSITIVE_INFINITY, 0].map(formatCount)).toEqual([
      '4,100',
      '27',
      '99,000',
      '> 100,000',
      '∞',
      '0',
    ]);
  });
});

describe('Markdown', () => {
  it('has a table row for every line of the sum, with its source', () => {
    const text = boxPlanMarkdown(shop, 'zh-CN');
    expect(text).toMatch(/^# maque plan: 🔴 不要这样做\n\n日活 5,000/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(shop.plan.lines.length + 4);
    const sum = rows.slice(2, 2 + shop.plan.lines.length);
    for (const row of sum) expect(row.split(' | ')).toHaveLength(7);
    expect(text).toContain('1. **');
    expect(text.match(/```/g)).toHaveLength(4);
  });
});

describe('data', () => {
  const validator = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats.default(validator);
  const validate = validator.compile(boxPlanSchema);

  it('is as the published schema says, for any plan in any language', () => {
    fc.assert(
      fc.property(planRequests(), fc.constantFrom('en' as const, 'zh-CN' as const), (request, language) => {
        const data = JSON.parse(JSON.stringify(boxPlanJson(reportOn(planBox(request)), language)));
        expect(validate(data), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
        const sum = data.lines.reduce((all: number, { bytes }: { bytes: number }) => all + bytes, 0);
        expect(sum).toBe(data.fits ? data.memoryBytes : data.neededBytes);
        // The request in it is planned to the same again.
        expect(planBox(data.request).lines).toEqual(planBox(request).lines);
      }),
      { numRuns: 120 },
    );
  });

  it('is refused by the schema when it is something else', () => {
    const data = JSON.parse(JSON.stringify(boxPlanJson(shop, 'en')));
    expect(validate({ ...data, verdict: 'splendid' })).toBe(false);
    expect(validate({ ...data, more: 1 })).toBe(false);
    expect(validate({ ...data, capacity: { ...data.capacity, first: 'luck' } })).toBe(false);
  });
});

it('all of it takes no longer than a blink', () => {
  reportOn(planBox(shopRequest()));
  const tookMs = cpuMsOf(() => formatBoxPlan(reportOn(planBox(shopRequest())), { language: 'en' }));
  expect(tookMs).toBeLessThan(50);
});
