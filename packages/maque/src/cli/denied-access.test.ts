import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

// Permissions do not bind root, so under root the command runs as this user, who owns nothing here.
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const bin = fileURLToPath(new URL('../bin.ts', import.meta.url));

let app: string;
let data: string;

beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'maque-denied-'));
  chmodSync(app, 0o755);
  data = join(app, 'data');
  mkdirSync(data);
});

afterEach(() => {
  chmodSync(data, 0o700);
  rmSync(app, { recursive: true });
});

function maque(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: app,
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  return { status, stderr };
}

it.each([[['ps']], [['recycle']], [['admin', 'link']]])(
  'tells on %j whose data folder it may not enter',
  async (command) => {
    const keeper = createServer().listen(join(data, 'control.sock'));
    await new Promise((resolve) => keeper.once('listening', resolve));
    try {
      chmodSync(data, 0o000);
      const { status, stderr } = maque(...command);
      expect(stderr).toBe(
        `✖ No access to ${data}: run this as the user who owns it, e.g. with sudo -u (DATA_FOLDER_DENIED)\n`,
      );
      expect(status).toBe(1);
      expect(maque(...command, '--lang', 'zh-CN').stderr).toContain(`无权访问 ${data}`);
    } finally {
      chmodSync(data, 0o700);
      keeper.close();
    }
  },
);

it.each([
  [
    'nobody may read',
    (path: string) => writeFileSync(path, 'MAQUE_PORT=81', { mode: 0o000 }),
    'permission denied',
  ],
  ['is a folder', (path: string) => mkdirSync(path), 'it is a folder, not a file'],
])('refuses a .env that %s in one sentence', (_, make, reason) => {
  const path = join(app, '.env');
  make(path);
  for (const command of ['config', 'plan', 'ps', 'start']) {
    expect(maque(command)).toEqual({
      status: 1,
      stderr: `✖ Cannot read ${path}: ${reason} (DOTENV_UNREADABLE)\n`,
    });
  }
});
