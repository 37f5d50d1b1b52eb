import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { receiveNotifications } from '../../testing/notify-receiver.ts';
import { eventually } from '../../testing/spawn-keeper.ts';
import { NotifyCommand } from './notify-command.ts';

/** A PATH on which `systemd-notify` is this script. */
function pathWith(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'maque-notify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'systemd-notify');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return `${folder}:${process.env.PATH}`;
}

// Without privileges the message has the process number of systemd-notify itself, as in a unit with `User=`.
const AS_NOBODY = 'exec setpriv --reuid=65534 --clear-groups';

describe('a message to systemd', () => {
  it('arrives whole, on a socket with or without a file', async () => {
    for (const options of [{}, { socketPath: `@maque-test-${process.pid}` }]) {
      const receiver = await receiveNotifications(options);
      const command = new NotifyCommand(receiver.socketPath, process.env);
      expect(await command.send(['READY=1', 'STATUS=两个 "workers"; $HOME'])).toBe(null);
      expect(receiver.messages.map(({ lines }) => lines)).toEqual([
        ['READY=1', 'STATUS=两个 "workers"; $HOME'],
      ]);
    }
  });

  it.skipIf(process.getuid?.() !== 0).each([
    ['waits until it is read', `${AS_NOBODY} /usr/bin/systemd-notify "$@"`],
    [
      'is too old to wait',
      `[ "$1" = --version ] && echo systemd 239 && exit
       ${AS_NOBODY} /usr/bin/systemd-notify --no-block "$@"`,
    ],
  ])('can be told to whose service it belongs, by a systemd-notify that %s', async (_, script) => {
    const receiver = await receiveNotifications({
      lingerMs: 150,
      socketPath: `@maque-test-${process.pid}`,
    });
    const command = new NotifyCommand(receiver.socketPath, { PATH: pathWith(script) });
    await command.send(['READY=1']);
    await eventually('the message', () => receiver.messages.length > 0);
    expect(receiver.messages).toEqual([{ lines: ['READY=1'], known: true }]);
  });

  it('tells why it did not get through', async () => {
    const nobody = new NotifyCommand('/nowhere/notify.sock', process.env);
    expect(await nobody.send(['READY=1'])).toEqual({ reason: 'systemd-notify: exit code 1', isFinal: false });
    const nothing = new NotifyCommand('/nowhere/notify.sock', { PATH: '/nowhere' });
    expect(await nothing.send(['READY=1'])).toEqual({ reason: 'ENOENT', isFinal: true });
  });
});
