import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { launchChromium } from './launch-chromium.ts';

test('a page is loaded, run and seen', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<h1>麻雀</h1><script>document.title = String(6 * 7)</script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await using browser = await launchChromium();
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await page.title()).toBe('42');
    expect(await page.textContent('h1')).toBe('麻雀');
  } finally {
    server.close();
  }
});

test('without Chromium it says what to install', async () => {
  await expect(launchChromium({ executablePath: '/nowhere/chromium' })).rejects.toThrow(
    /no Chromium at \/nowhere\/chromium[\s\S]*apt-get install -y chromium/,
  );
});
