import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import { displayWidth } from '../../present/text-table.ts';
import type { PlanRequest } from '../box/box-request.ts';
import { planBox } from '../box/plan-box.ts';
import { boxPlanSvg } from './box-plan-svg.ts';
import { deploymentText } from './deployment-text.ts';
import { memoryBarText } from './memory-bar-text.ts';
import { escaped } from './svg-elements.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;

/** With parts of it on other machines now and then. */
const anyRequests: fc.Arbitrary<PlanRequest> = fc
  .tuple(planRequests(), fc.subarray(['database', 'redis', 'object-store'] as const))
  .map(([request, elsewhere]) => ({ ...request, elsewhere }));

describe('the deployment as text', () => {
  it('leads from the phones through nginx and the app to the data', () => {
    const lines = deploymentText(planBox(shopRequest()), 'en');
    const rowOf = (word: string) => lines.findIndex((line) => line.includes(word));
    const rows = ['phones', '1.91 GiB · 2 cores', 'nginx', 'shop', 'mariadb', 'system'].map(rowOf);
    expect(rows).toEqual([...rows].sort((one, other) => one - other));
    expect(rowOf('redis')).toBe(rowOf('mariadb'));
  });

  it('shows outside of the box what runs elsewhere', () => {
    const request = { ...shopRequest(), elsewhere: ['object-store'] as const };
    const lines = deploymentText(planBox(request), 'zh-CN');
    const bottom = lines.findIndex((line) => line.startsWith('╰'));
    expect(lines[bottom]).toContain('┬');
    expect(lines.findIndex((line) => line.includes('对象存储'))).toBeGreaterThan(bottom);
  });

  it('has a straight frame around whatever is in it, Chinese or not', () => {
    fc.assert(
      fc.property(anyRequests, fc.constantFrom(...LANGUAGES), (request, language) => {
        const lines = deploymentText(planBox(request), language);
        const framed = lines.slice(
          lines.findIndex((line) => line.startsWith('╭')),
          lines.findIndex((line) => line.startsWith('╰')) + 1,
        );
        expect(new Set(framed.map(displayWidth)).size).toBe(1);
        for (const line of framed.slice(1, -1)) expect(line).toMatch(/^│.*│$/);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the bar of memory as text', () => {
  it('ends where the box ends', () => {
    const lines = memoryBarText(planBox(shopRequest()), 'en');
    expect(lines[0]).toMatch(/^system +│▓+ +│ +180 MiB +9 %$/);
    expect(lines.find((line) => line.startsWith('reserve'))).toMatch(/░+│/);
  });

  it('shows right of the box what has no memory under it', () => {
    const { box } = shopRequest();
    const request = { ...shopRequest(), box: { ...box, memoryBytes: 500 * MiB } };
    const lines = memoryBarText(planBox(request), 'en', (style, text) => `<${style}>${text}</${style}>`);
    expect(lines.find((line) => line.startsWith('redis'))).toMatch(/│ +│<red> +█+ *<\/red>/);
  });

  it('is as wide for every part', () => {
    fc.assert(
      fc.property(anyRequests, fc.constantFrom(...LANGUAGES), (request, language) => {
        const plain = memoryBarText(planBox(request), language);
        expect(new Set(plain.map(displayWidth)).size).toBe(1);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the picture', () => {
  it('is well-formed, needs nothing from elsewhere, and says what it shows', () => {
    const parser = new XMLParser({ ignoreAttributes: false });
    fc.assert(
      fc.property(anyRequests, fc.constantFrom(...LANGUAGES), (request, language) => {
        const svg = boxPlanSvg(planBox(request), language);
        expect(XMLValidator.validate(svg)).toBe(true);
        expect(svg).not.toMatch(/NaN|Infinity|undefined|href|<script|@import|url\((?!#)/);
        const root = parser.parse(svg).svg;
        expect(root['@_role']).toBe('img');
        expect(root['@_aria-labelledby']).toBe('maque-title maque-about');
        expect(root.title['#text']).toMatch(/^maque plan: /);
        for (const { name } of request.services) expect(root.desc['#text']).toContain(name);
        const [, , width, height] = String(root['@_viewBox']).split(' ').map(Number);
        expect(width).toBeGreaterThan(800);
        expect(height).toBeGreaterThan(300);
      }),
      { numRuns: 150 },
    );
  });

  it('stays well-formed with any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(XMLValidator.validate(`<text a="${escaped(text)}">${escaped(text)}</text>`)).toBe(true);
      }),
    );
    expect(escaped('<a href="x">&\u0000\ud800')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;');
  });

  it('is not larger than a page of a wiki likes', () => {
    expect(boxPlanSvg(planBox(shopRequest()), 'en').length).toBeLessThan(16_000);
  });
});
