import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SystemStatus } from '@maque/contract';
import { launchChromium } from '@maque/testkit/chromium/launch-chromium';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { FixtureServer } from '../testing/fixture-server.ts';
import { sampleKeeper, sampleProcess, sampleStatus } from '../testing/sample-status.ts';

const credentials = { name: 'admin', password: 'sparrow-house', link: 'a-one-time-link' };
const MiB = 1024 * 1024;

let dist: string;
let browser: Browser;
let server: FixtureServer;
let url: string;
let status: SystemStatus;
/** What went wrong in the page, blocked by the content security policy included. */
let complaints: string[];

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'maque-console-'));
  await build({
    root: join(import.meta.dirname, '..'),
    build: { outDir: dist, emptyOutDir: true },
    logLevel: 'silent',
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await rm(dist, { recursive: true, force: true });
});

beforeEach(async () => {
  status = sampleStatus();
  complaints = [];
  server = new FixtureServer({ dist, ...credentials, status: () => status });
  url = `${await server.listen()}/_/`;
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  server.close();
  expect(complaints).toEqual([]);
});

async function openPage(path = '', options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  // Time runs as it does, and can be told to hurry.
  await page.clock.install();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Chromium notes every answer of 400 and more, which tests provoke; everything else is a fault of the page.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
  await page.goto(url + path);
  return page;
}

async function signIn(page: Page, password = credentials.password): Promise<void> {
  await page.getByLabel('Name').fill(credentials.name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function openOverview(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await openPage('', options);
  await signIn(page);
  await page.getByRole('heading', { name: 'Memory budget' }).waitFor();
  return page;
}

test('a wrong password is told, the right one shows the server', async () => {
  const page = await openPage();
  await signIn(page, 'wrong');
  await page.getByRole('alert').getByText('Name or password is wrong.').waitFor();
  await signIn(page);
  await page.getByText('Server time').waitFor();
  expect(await page.locator('time').textContent()).toBe('2026-11-20 12:12:00 UTC+8');
});

test('who has an authenticator is asked for its code, and a wrong one is told', async () => {
  server.totp = '123456';
  const page = await openPage();
  expect(await page.getByLabel('Code').count()).toBe(0);
  await signIn(page);
  await page.getByLabel('Code').waitFor();
  expect(await page.locator('.form-fault').textContent()).toBe('');
  // An effect sets the focus once the field is there.
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'totp');
  await page.keyboard.type('000000');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The code is wrong or was used before.').waitFor();
  await page.getByLabel('Code').fill(' 123456 ');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Memory budget' }).waitFor();
});

test('the one-time link leaves the address bar at once, and makes the first admin', async () => {
  const page = await openPage(`#link=${credentials.link}`);
  await page.getByRole('heading', { name: 'This console is yours' }).waitFor();
  expect(page.url()).toBe(url);
  await page.getByLabel('Name').fill('mei');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Claim the console' }).click();
  expect(server.sessions).toBe(0);
  await page.getByLabel('Password', { exact: true }).fill('long enough');
  await page.getByRole('button', { name: 'Claim the console' }).click();
  await page.getByRole('heading', { name: 'Memory budget' }).waitFor();
  expect(await page.locator('.admin-name').textContent()).toBe('mei');
});

test('a link pasted into an open console counts, and a used one says what to do', async () => {
  const page = await openPage();
  await page.evaluate(() => {
    location.hash = '#link=used-before';
  });
  await page.getByLabel('Name').fill('mei');
  await page.getByLabel('Password', { exact: true }).fill('long enough');
  expect(page.url()).toBe(url);
  await page.getByRole('button', { name: 'Claim the console' }).click();
  await page.getByRole('alert').getByText('This link has been used or has expired.').waitFor();
  await page.getByRole('button', { name: 'Sign in with an account instead' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('the budget, the requests and each process show what the server reports', async () => {
  status = sampleStatus({
    processes: [
      sampleKeeper(),
      sampleProcess({ requestsPerSecond: 150.4, p99Ms: 8.4 }),
      sampleProcess({
        id: 'w2',
        pss: 170 * MiB,
        requestsPerSecond: 149,
        p99Ms: 31,
        restarts: 2,
        state: 'draining',
      }),
    ],
  });
  const page = await openOverview();
  const budget = page.getByRole('region', { name: 'Memory budget' });
  await budget.getByRole('img', { name: '293.6 MiB of 512 MiB in use' }).waitFor();
  expect(await budget.locator('.budget-share').count()).toBe(3);
  expect(await budget.textContent()).toContain('218.4 MiB still free');

  const requests = await page.getByRole('region', { name: 'Requests' }).textContent();
  expect(requests).toMatch(/299\s*req\/s/);
  expect(requests).toMatch(/31\.0 ms\s*slowest worker/);
  expect(requests).toMatch(/1 \/ 2/);

  const second = await page.getByRole('listitem', { name: 'Worker w2' }).textContent();
  for (const fact of [
    'Draining',
    'pid 4121',
    'up 3 h 12 min',
    '2 restarts',
    '170.0 MiB',
    'of 180 MiB',
    '94 %',
  ]) {
    expect(second).toContain(fact);
  }
  expect(await page.title()).toBe('57 % · Maque 麻雀');
});

test('a worker that leaks says so, in red when little time is left, and no other does', async () => {
  const leak = { pool: 'heap', verdict: 'leaking', bytesPerSecond: MiB, timeToLimitMs: 840_000 } as const;
  status = sampleStatus({
    processes: [
      sampleKeeper(),
      sampleProcess({ leak: { ...leak, probability: 0.97 } }),
      sampleProcess({ id: 'w2', leak: { ...leak, pool: 'external', verdict: 'growing', probability: 0.2 } }),
      sampleProcess({ id: 'w3' }),
    ],
  });
  const page = await openOverview();
  const note = (id: string) => page.getByRole('listitem', { name: new RegExp(`${id}$`) }).getByRole('note');
  expect(await note('w1').textContent()).toMatch(
    /JS heap leaks.*60\.0 MiB a minute.*97 % likely full within 30 min/,
  );
  expect(await note('w1').getAttribute('class')).toContain('level-over');
  expect(await note('w2').textContent()).toMatch(/Buffers grow.*20 % likely/);
  expect(await note('w2').getAttribute('class')).toContain('level-high');
  expect(await note('w3').count()).toBe(0);
  await page.getByRole('button', { name: '中文' }).click();
  expect(await note('w1').textContent()).toMatch(/JS 堆泄漏.*每分钟 60\.0 MiB.*30 分钟内用尽的概率 97 %/);
});

test('a new report is on the page after 2 s, and the chart grows with it', async () => {
  const page = await openOverview();
  const card = page.getByRole('listitem', { name: 'Worker w1' });
  await card.getByText('86.2 MiB', { exact: true }).first().waitFor();
  status = sampleStatus({
    at: '2026-11-20T04:12:02.000Z',
    processes: [sampleKeeper(), sampleProcess({ pss: 99.5 * MiB })],
  });
  await page.clock.fastForward(2_000);
  await card.getByText('99.5 MiB', { exact: true }).first().waitFor();
  await card.getByRole('img', { name: '99.5 MiB now, at most 99.5 MiB, of a budget of 180 MiB' }).waitFor();
  expect(await page.getByRole('listitem', { name: 'Worker w2' }).count()).toBe(0);
});

test('beyond its budget it says by how much', async () => {
  status = sampleStatus({ budget: 200 * MiB });
  const page = await openOverview();
  expect(await page.getByRole('region', { name: 'Memory budget' }).textContent()).toContain(
    '15.3 MiB over budget',
  );
  expect(await page.locator('.budget-end').count()).toBe(1);
});

test('a server without processes says so', async () => {
  status = sampleStatus({ processes: [] });
  const page = await openOverview();
  await page.getByText('No process has reported yet.').waitFor();
});

test('a server that falls silent is told with the time, and seen again when it is back', async () => {
  const page = await openOverview();
  server.silent = true;
  await page.clock.fastForward(2_000);
  const alert = page.getByRole('alert');
  await alert.getByText(/has not answered since \d\d:\d\d:\d\d/).waitFor();
  await page.getByText('86.2 MiB', { exact: true }).first().waitFor();
  server.silent = false;
  await alert.getByRole('button', { name: 'Try now' }).click();
  await alert.locator('.banner').waitFor({ state: 'detached' });
});

test('a server that never answered after the sign-in is told as well', async () => {
  const page = await openPage();
  await page.evaluate(() => sessionStorage.setItem('maque:admin', JSON.stringify({ name: 'a', token: 't' })));
  await page.route('**/api/admin/status', (route) => route.abort());
  await page.reload();
  await page.getByText('The server does not answer.').waitFor();
});

test('a reload keeps the session; its end, and signing out, lead to the door', async () => {
  const page = await openOverview();
  await page.reload();
  await page.getByRole('heading', { name: 'Memory budget' }).waitFor();

  server.endSessions();
  await page.clock.fastForward(2_000);
  await page.getByText('Your session has ended.').waitFor();

  await signIn(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expect.poll(() => server.sessions).toBe(0);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(await page.getByText('Your session has ended.').count()).toBe(0);
});

test('a page that nobody sees asks nothing', async () => {
  const page = await openOverview();
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const before = server.statusQuestions;
  for (let minutes = 0; minutes < 5; minutes += 1) await page.clock.fastForward(60_000);
  expect(server.statusQuestions).toBe(before);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => false });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => server.statusQuestions).toBeGreaterThan(before);
});

test('Chinese for those who read it, by the browser’s choice or their own, and kept', async () => {
  const page = await openPage('', { locale: 'zh-CN' });
  await page.getByRole('heading', { name: '登录控制台' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.getByRole('button', { name: 'EN' }).click();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test.each(['light', 'dark'] as const)('360 px wide and %s, nothing sticks out', async (colorScheme) => {
  const page = await openOverview({ viewport: { width: 360, height: 780 }, colorScheme });
  const [inner, content] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  expect(content).toBe(inner);
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background).toBe(colorScheme === 'light' ? 'rgb(245, 241, 234)' : 'rgb(23, 20, 18)');
});

test('everything can be done by keyboard, and every field and button has a name', async () => {
  const page = await openPage();
  const reached: string[] = [];
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement;
        return element.labels?.[0]?.textContent || element.textContent || '(no name)';
      }),
    );
  }
  expect(reached).toEqual(['中文', 'EN', 'Name', 'Password', 'Show', 'Sign in']);
});

test('all of it is at most 60 KiB gzipped, and nothing in the page is inline', async ({ annotate }) => {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|<script(?![^>]*src=)|\son\w+=|\sstyle=|data:/);
  let bytes = 0;
  for (const name of await readdir(join(dist, 'assets'))) {
    bytes += gzipSync(await readFile(join(dist, 'assets', name)), { level: 9 }).length;
  }
  annotate(`${bytes} B gzipped`);
  expect(bytes).toBeLessThanOrEqual(60 * 1024);
});
