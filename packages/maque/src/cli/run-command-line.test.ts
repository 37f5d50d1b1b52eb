import { defineSettings } from '@maque/kit';
import { expect, it } from 'vitest';
import type { Command, Invocation } from './command.ts';
import { runCommandLine } from './run-command-line.ts';

const settings = defineSettings({
  port: { type: 'port', env: 'PORT', flag: 'port', meaning: { en: 'Port', zh: '端口' } },
  quiet: { type: 'boolean', env: 'MAQUE_QUIET', flag: 'quiet', meaning: { en: 'Say nothing', zh: '安静' } },
});

const installation = {
  version: '1.2.3',
  workerScript: '/worker.js',
  preload: new URL('file:///preload.js'),
  consoleDir: '/console',
};

/** Runs a command line against two small commands; answers what was printed and what the command was given. */
async function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  let given: Invocation | undefined;
  const take = async (invocation: Invocation) => {
    given = invocation;
    return 0 as const;
  };
  const serve: Command = {
    name: 'serve',
    usage: '[appDir]',
    summary: { en: 'Serves an app', zh: '运行应用' },
    mostArguments: 1,
    settings,
    options: {
      name: { type: 'string', placeholder: '<name>', meaning: { en: 'Its name', zh: '名称' } },
      nameless: { type: 'boolean', meaning: { en: 'Without one', zh: '不取名' }, excludes: ['name'] },
    },
    run: take,
  };
  const exec: Command = {
    name: 'exec script',
    usage: '<script> [arguments]',
    summary: { en: 'Runs a script', zh: '运行脚本' },
    mostArguments: 1,
    passesArgumentsOn: true,
    settings,
    run: take,
  };
  const out: string[] = [];
  const error: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    error: (text: string) => void error.push(text),
    isClosed: () => false,
    columns: () => undefined,
    style: (_: string, text: string) => text,
  };
  const code = await runCommandLine([serve, exec], args, { terminal, env, cwd: '/', installation });
  return { code, out: out.join('\n'), error: error.join('\n'), given };
}

it('sorts arguments, settings and options of a command', async () => {
  const { code, given } = await run(['serve', 'shop', '--port', '81', '--quiet', '--name=a b']);
  expect(code).toBe(0);
  expect(given).toMatchObject({
    arguments: ['shop'],
    settingFlags: { port: '81', quiet: true },
    options: { name: 'a b' },
  });
});

it('refuses options that exclude each other, in any order', async () => {
  for (const args of [
    ['--name', 'a', '--nameless'],
    ['--nameless', '--name', 'a'],
  ]) {
    const { code, error, given } = await run(['serve', ...args]);
    expect({ code, given }).toEqual({ code: 1, given: undefined });
    expect(error).toContain('either --nameless or --name');
  }
});

it('reports everything that it does not understand at once, with the nearest name', async () => {
  const { code, error, given } = await run([
    'serve',
    'shop',
    'more',
    '--prot',
    '81',
    '--quiet=yes',
    '--name',
  ]);
  expect(code).toBe(1);
  expect(given).toBeUndefined();
  expect(error).toContain('--prot; did you mean --port?');
  expect(error).toContain('--quiet takes no value');
  expect(error).toContain('--name needs a value');
  expect(error).toContain('too many arguments: more');
});

it('leaves what follows a script to the script', async () => {
  const { given } = await run(['exec', 'script', '--port', '81', 'server.js', '--prot', '9', '--', '-x']);
  expect(given).toMatchObject({
    arguments: ['server.js', '--prot', '9', '--', '-x'],
    settingFlags: { port: '81' },
  });
});

it.each([
  [['srve'], /did you mean maque serve/],
  [['exec', 'scrpt'], /did you mean maque exec script/],
  [['zzzzzzzz'], /maque --help/],
  [['--verison'], /no command --verison/],
])('refuses %j with the nearest command', async (args, message) => {
  const { code, error } = await run(args);
  expect(code).toBe(1);
  expect(error).toMatch(message);
});

it('helps, in the language of the reader', async () => {
  expect((await run([])).out).toContain('Runs a script');
  expect((await run(['--help'])).out).toContain('serve [appDir]');
  expect((await run(['serve', '--help'])).out).toMatch(/--port <port> +Port/);
  expect((await run(['--help'], { LANG: 'zh_CN.UTF-8' })).out).toContain('运行脚本');
  expect((await run(['serve', '--help', '--lang', 'zh-CN'], { LANG: 'en_US.UTF-8' })).out).toContain('端口');
  expect((await run(['--help', '--lang', 'en'], { MAQUE_LANG: 'zh-CN' })).out).toContain('Runs a script');
});

it('prints its version', async () => {
  expect((await run(['--version'])).out).toBe('1.2.3');
});
