import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMailServer } from '@maque/testkit/alerts/mail-server';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { alertMessage } from '../../../fixtures/alert-message.ts';
import { runNode } from '../../../fixtures/run-node.ts';
import { createEmail } from './email.ts';

const to = ['a@example.com', 'b@example.com'];
const signal = () => AbortSignal.timeout(5_000);

it('sends a mail to everybody, from the user of the server unless told', async () => {
  await using server = await startMailServer();
  await createEmail({ type: 'email', smtp: server.url, to }).send(alertMessage(), signal());
  const other = { type: 'email', smtp: server.url, to, from: 'shop@example.com' } as const;
  await createEmail(other).send(alertMessage({ title: 'a title', text: 'line 1\nline 2' }), signal());
  expect(server.mails).toEqual([
    { from: 'ops@example.com', to, subject: alertMessage().title, text: alertMessage().text },
    { from: 'shop@example.com', to, subject: 'a title', text: 'line 1\nline 2' },
  ]);
});

it('does not try a wrong password again, nor tell it', async () => {
  await using server = await startMailServer();
  const smtp = `smtp://ops%40example.com:hunter2222@127.0.0.1:${server.port}`;
  const error = await createEmail({ type: 'email', smtp, to })
    .send(alertMessage(), signal())
    .catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'ALERT_REFUSED', data: { reason: expect.stringContaining('535') } });
  expect(JSON.stringify([error, String(error)])).not.toContain('hunter2222');
});

it.each([
  [452, 'ALERT_UNREACHABLE'],
  [554, 'ALERT_REFUSED'],
])('takes a %i for %s', async (refuseWith, code) => {
  await using server = await startMailServer({ refuseWith });
  const channel = createEmail({ type: 'email', smtp: server.url, to });
  await expect(channel.send(alertMessage(), signal())).rejects.toMatchObject({ code });
});

it('says that nobody is there', async () => {
  const server = await startMailServer();
  await server[Symbol.asyncDispose]();
  const channel = createEmail({ type: 'email', smtp: server.url, to });
  await expect(channel.send(alertMessage(), signal())).rejects.toMatchObject({ code: 'ALERT_UNREACHABLE' });
});

it.each([
  ['https://smtp.example.com', to],
  ['smtp.example.com', to],
  ['smtps://ops%40example.com:secret@smtp.example.com', []],
  ['smtps://ops%40example.com:secret@smtp.example.com', ['nobody']],
  ['smtps://ops:secret@smtp.example.com', to],
])('refuses %s to %j', (smtp, recipients) => {
  const open = () => createEmail({ type: 'email', smtp, to: recipients });
  expect(open).toThrow(expect.objectContaining({ code: 'ALERT_ADDRESS_INVALID' }));
  expect(open).not.toThrow(/secret/);
});

it('says what to install where nodemailer is missing', async () => {
  await using folder = await tempFolder();
  // An app with the guard alone: links are not followed, so that nothing else of this repository is found.
  await mkdir(join(folder.path, 'node_modules', '@maque'), { recursive: true });
  for (const name of ['guard', 'kit']) {
    const target = join(import.meta.dirname, '..', '..', '..', '..', name);
    await symlink(target, join(folder.path, 'node_modules', '@maque', name));
  }
  await writeFile(
    join(folder.path, 'app.mjs'),
    `import { sendTestAlert } from '@maque/guard/alert';
     const channels = [{ type: 'email', smtp: 'smtp://a%40b.c:secret@127.0.0.1:9', to: ['a@b.c'] }];
     const [outcome] = await sendTestAlert({ channels });
     console.log(outcome.error.code, outcome.error.message);`,
  );
  const flags = ['--preserve-symlinks', '--preserve-symlinks-main'];
  const { stdout, stderr } = await runNode([...flags, join(folder.path, 'app.mjs')]);
  expect(stdout, stderr).toContain(
    'ALERT_EMAIL_UNAVAILABLE E-mail needs the package nodemailer: npm install nodemailer',
  );
});
