import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startWecomBot } from '@maque/testkit/alerts/bot-simulators';
import { startMailServer } from '@maque/testkit/alerts/mail-server';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

it('tests its channels as it is installed, e-mail included', async () => {
  await using bot = await startWecomBot();
  await using mail = await startMailServer();
  const env = {
    MAQUE_ALERT_WECOM: bot.webhook,
    MAQUE_ALERT_SMTP: mail.url,
    MAQUE_ALERT_EMAIL_TO: 'ops@example.com',
  };
  await using child = await runMaque(['alert', 'test'], { env });
  expect((await child.exit()).code, child.stderr()).toBe(0);
  expect(child.stdout()).toMatch(/wecom: sent in .*\n.*email: sent in /);
  expect(bot.texts).toHaveLength(1);
  expect(mail.mails[0]).toMatchObject({
    to: ['ops@example.com'],
    text: expect.stringContaining('Nothing is wrong'),
  });
});

it('tells of workers that die, and keeps its secrets from them', async () => {
  await using bot = await startWecomBot();
  await using folder = await tempFolder();
  await writeFile(
    join(folder.path, 'app.mjs'),
    `import { createServer } from 'node:http';
     createServer((request, response) => response.end(String(process.pid))).listen(0);
     console.log('its own variables:', JSON.stringify(process.env));
     setTimeout(() => process.exit(3), 1_000);`,
  );
  const env = { MAQUE_ALERT_WECOM: bot.webhook };
  // One worker: two could die so often between two looks that the first alert is urgent already.
  const args = ['run', '--workers', '1', '--data-dir', folder.path, join(folder.path, 'app.mjs')];
  await using child = await runMaque(args, { env });
  await waitUntil('an alert', () => bot.texts.length > 0, 25_000);
  expect(bot.texts[0]).toMatch(
    /The app: processes keep dying\n\d deaths within 15 min .*: w\d, it ended with exit code 3/,
  );
  const told = /Told through wecom: 🟡 \[.*\] The app: processes keep dying/;
  await waitUntil('the keeper to say so', () => told.test(child.stderr()));
  expect(child.stdout()).toContain('its own variables');
  expect(child.stdout() + child.stderr()).not.toContain('693a91f6');
});

it('refuses to start with alerts that could not arrive', async () => {
  await using folder = await tempFolder();
  const env = { MAQUE_ALERT_WEBHOOK: 'http://example.com/hunter2' };
  await writeFile(join(folder.path, 'app.mjs'), 'setInterval(() => {}, 1000)');
  await using child = await runMaque(['run', '--data-dir', folder.path, 'app.mjs'], {
    env,
    cwd: folder.path,
  });
  expect((await child.exit()).code).toBe(1);
  expect(child.stderr()).toMatch(/must be encrypted \(https\).*ALERT_ADDRESS_INSECURE/);
  expect(child.stderr()).not.toContain('hunter2');
});
