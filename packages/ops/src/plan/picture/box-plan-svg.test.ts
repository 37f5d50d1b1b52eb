import { MiB } from '@maque/kit';
import { launchChromium } from '@maque/testkit/chromium/launch-chromium';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import { ELSEWHERE, type PlanRequest } from '../box/box-request.ts';
import { planBox } from '../box/plan-box.ts';
import { boxPlanSvg } from './box-plan-svg.ts';
import { escaped } from './svg-elements.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
});

afterAll(async () => browser?.close());

/** With parts of it on other machines now and then. */
const anyPictures = fc
  .tuple(planRequests(), fc.subarray([...ELSEWHERE]), fc.constantFrom('en' as const, 'zh-CN' as const))
  .map(([request, elsewhere, language]) => {
    const asked: PlanRequest = { ...request, elsewhere };
    return { request: asked, svg: boxPlanSvg(planBox(asked), language) };
  });

/** What a browser makes of a picture. */
interface Seen {
  readonly complaint: string;
  /** Texts that leave the paper, or the box of the service that they stand in. */
  readonly stray: readonly string[];
  readonly role: string | null;
  readonly title: string;
  readonly about: string;
}

// As text: this room's types know no DOM.
const LOOK = `(text) => {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
  document.body.replaceChildren(document.importNode(parsed.documentElement, true));
  const picture = document.querySelector('svg');
  const paper = picture?.getBoundingClientRect();
  const isStray = (label) => {
    const box = label.getBoundingClientRect();
    const own = label.parentElement.querySelector(':scope > rect.node')?.getBoundingClientRect() ?? paper;
    return box.left < own.left || box.right > own.right || box.top < own.top || box.bottom > own.bottom;
  };
  return {
    complaint: parsed.querySelector('parsererror')?.textContent ?? '',
    stray: [...document.querySelectorAll('text')].filter(isStray).map((label) => label.textContent),
    role: picture?.getAttribute('role') ?? null,
    title: picture?.querySelector(':scope > title')?.textContent ?? '',
    about: picture?.querySelector(':scope > desc')?.textContent ?? '',
  };
}`;

async function seen(svg: string): Promise<Seen> {
  return page.evaluate<Seen>(`(${LOOK})(${JSON.stringify(svg)})`);
}

it('is drawn by a browser, every text inside of its box, for any plan in any language', async () => {
  await fc.assert(
    fc.asyncProperty(anyPictures, async ({ request, svg }) => {
      const { complaint, stray, role, title, about } = await seen(svg);
      expect(complaint).toBe('');
      expect(stray).toEqual([]);
      expect(role).toBe('img');
      expect(title).toMatch(/^maque plan: /);
      for (const { name } of request.services) expect(about).toContain(name);
    }),
    { numRuns: 120 },
  );
});

it('needs nothing from elsewhere and runs nothing', () => {
  fc.assert(
    fc.property(anyPictures, ({ svg }) => {
      expect(svg).not.toMatch(/NaN|Infinity|undefined|href|<script|on\w+=|@import|url\((?!#)/);
    }),
    { numRuns: 100 },
  );
});

it('holds any name without breaking', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (text) => {
      const { complaint } = await seen(
        `<svg xmlns="http://www.w3.org/2000/svg"><text x="${escaped(text)}">${escaped(text)}</text></svg>`,
      );
      expect(complaint).toBe('');
    }),
    { numRuns: 60 },
  );
  expect(escaped('<a href="x">&\u0000\ud800')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;');
});

it('marks where the memory ends for what does not fit', () => {
  const { box } = shopRequest();
  const request = { ...shopRequest(), box: { ...box, memoryBytes: 500 * MiB } };
  expect(boxPlanSvg(planBox(request), 'zh-CN')).toMatch(/500 MiB · 还差 \d+ MiB/);
  expect(boxPlanSvg(planBox(shopRequest()), 'zh-CN')).not.toContain('还差');
});

it('is small', () => {
  expect(boxPlanSvg(planBox(shopRequest()), 'en').length).toBeLessThan(16_000);
});
