import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '@maque/testkit/chromium/launch-chromium';
import { type RunningMaque, startMaque } from '@maque/testkit/process/start-maque';
import { steadyLoad } from '@maque/testkit/process/steady-load';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

const shots = process.env.MAQUE_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'maque-console-'));
let shop: RunningMaque;
let browser: Browser;

beforeAll(async () => {
  [shop, browser] = await Promise.all([startMaque({ args: ['--memory', '512M'] }), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.[Symbol.asyncDispose]();
  if (process.env.MAQUE_SCREENSHOTS === undefined) rmSync(shots, { recursive: true });
});

it('is claimed with the printed link and shows the memory and the traffic that there is', async () => {
  const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 1100 } });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));

  await page.goto(shop.adminLink ?? '');
  await page.getByLabel('Name').fill('mei');
  await page.getByLabel('Password', { exact: true }).fill('sparrow-house');
  await page.getByRole('button', { name: 'Claim the console' }).click();
  await page.getByRole('heading', { name: 'Memory budget' }).waitFor();
  expect(new URL(page.url()).hash).toBe('');

  const load = steadyLoad({ url: `${shop.url}/api/products`, requestsPerSecond: 200, connections: 20 });
  await expect.poll(() => requestsPerSecond(page), { timeout: 20_000 }).toBeGreaterThan(150);
  await page.screenshot({ path: join(shots, 'console-under-load.png'), fullPage: true });
  expect((await load.stop()).failed).toBe(0);

  const cards = page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3 }) });
  expect(await cards.count()).toBe(3);
  // What the plan keeps for the page cache is no process's to use.
  const budget = await page.getByRole('region', { name: 'Memory budget' }).innerText();
  expect(Number(/of ([\d.]+) MiB/.exec(budget)?.[1])).toBeLessThanOrEqual(512 * 0.85);
  expect(complaints).toEqual([]);
});

it('asks for the password after the link has been used', async () => {
  const page = await browser.newPage({ locale: 'en-US' });
  await page.goto(`${shop.url}/_/`);
  await page.getByLabel('Name').fill('mei');
  await page.getByLabel('Password', { exact: true }).fill('wrong-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password', { exact: true }).fill('sparrow-house');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Memory budget' }).waitFor();
});

/** What the traffic panel says in its large figure. */
async function requestsPerSecond(page: Page): Promise<number> {
  const text = await page.getByRole('region', { name: 'Requests' }).innerText();
  return Number(/([\d,.]+)\s*req\/s/.exec(text)?.[1]?.replace(',', '') ?? 0);
}
