import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import { displayWidth } from '../../present/display-width.ts';
import { ELSEWHERE, type PlanRequest } from '../box/box-request.ts';
import { planBox } from '../box/plan-box.ts';
import { deploymentText } from './deployment-text.ts';
import { memoryBarText } from './memory-bar-text.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;

/** With parts of it on other machines now and then. */
const anyRequests: fc.Arbitrary<PlanRequest> = fc
  .tuple(planRequests(), fc.subarray([...ELSEWHERE]))
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
