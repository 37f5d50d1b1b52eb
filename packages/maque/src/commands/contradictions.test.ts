import { join } from 'node:path';
import { CodedError } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../cli/command.ts';
import { parseCommandLine } from '../cli/parse-command-line.ts';
import { runCommandLine } from '../cli/run-command-line.ts';
import { requestOptions } from '../plan/request-options.ts';
import { doctorCommand } from './doctor.ts';
import { planCommand } from './plan.ts';
import { renderCommand } from './render.ts';

const installation = {
  version: '1.2.3',
  workerScript: '/worker.js',
  preload: new URL('file:///preload.js'),
  consoleDir: '/console',
};

/** Two of one group say what is to be done, from what, or how to print it: nobody can do both. */
const WAYS: readonly (readonly [Command, readonly (readonly string[])[]])[] = [
  [
    planCommand,
    [
      ['json', 'markdown'],
      ['from', 'live'],
      ['only-app', 'from'],
      ['only-app', 'calibrate'],
      ['only-app', 'svg'],
      ['only-app', 'markdown'],
    ],
  ],
  [
    renderCommand,
    [
      ['list', 'out', 'apply', 'undo'],
      ['list', 'json', 'undo'],
      ['from', 'live'],
      ['root', 'out'],
      ['undo', 'with'],
    ],
  ],
  [
    doctorCommand,
    [
      ['json', 'markdown'],
      ['undo', 'fix'],
      ['undo', 'record'],
      ['undo', 'only'],
    ],
  ],
];

const written = (command: Command, name: string): readonly string[] =>
  command.options?.[name]?.type === 'string' ? [`--${name}`, '1'] : [`--${name}`];

function refusal(command: Command, names: readonly string[]): string {
  try {
    parseCommandLine(
      command,
      names.flatMap((name) => written(command, name)),
    );
    return '';
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.details.map(({ issue }) => issue).join('\n');
  }
}

describe.each(WAYS)('$name', (command, groups) => {
  const names = Object.keys(command.options ?? {});
  const pairs = names.flatMap((one) =>
    names.filter((other) => other !== one).map((other) => [one, other] as const),
  );

  it.each(groups)('refuses what contradicts itself: %s and %s', (...group) => {
    for (const one of group)
      for (const other of group)
        if (one !== other) expect(refusal(command, [one, other]), `${one} ${other}`).toMatch(`--${one}`);
  });

  it('refuses a pair in either order, or in none, naming both', () => {
    for (const [one, other] of pairs) {
      const told = refusal(command, [one, other]);
      expect(told === '', `${one} ${other}`).toBe(refusal(command, [other, one]) === '');
      if (told !== '')
        expect(told.split(/[\s,]+/)).toEqual(expect.arrayContaining([`--${one}`, `--${other}`]));
    }
  });
});

describe('an option says something beside every other that it may stand with', () => {
  /** What has an effect on a shop's box of 2 GiB; what looks at this machine or measures it is left out. */
  const VALUES: Readonly<Record<string, string>> = {
    ram: '5G',
    cores: '3',
    bandwidth: '9M',
    disk: '31G',
    swap: '512M',
    with: 'maque,nginx,mariadb,redis:data=20M',
    elsewhere: 'object-store',
    program: 'chat',
    dau: '7000',
    qps: '77',
    concurrency: '500',
    sockets: '900',
    uploads: '9000',
    'upload-size': '9M',
    name: 'kiosk',
    domain: 'kiosk.example.com',
    user: 'clerk',
    'app-dir': '/srv/elsewhere',
    node: '/opt/node',
    maque: '/opt/maque.js',
    certificate: '/etc/one.pem',
    'certificate-key': '/etc/one.key',
    database: 'kiosk_db',
    environments: 'staging',
    image: 'kiosk:2',
  };
  /** These do not show in what is printed, or all of it is printed with the other anyway. */
  const ELSEWHERE_TESTED = [
    'live',
    'from',
    'save',
    'svg',
    'calibrate',
    'load',
    'for',
    'only-app',
    'json',
    'markdown',
  ];
  const MODES = ['list', 'out', 'force', 'apply', 'yes', 'undo', 'root', 'state'];
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  beforeAll(async () => {
    folder = await tempFolder();
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  async function printed(command: Command, args: readonly string[]): Promise<string> {
    const out: string[] = [];
    const terminal = {
      out: (text: string) => void out.push(text),
      error: (text: string) => void out.push(text),
      isClosed: () => false,
      columns: () => undefined,
      style: (_: string, text: string) => text,
    };
    const cwd = join(folder.path, '.');
    await runCommandLine([command], [command.name, '--lang', 'en', ...args], {
      terminal,
      env: {},
      cwd,
      installation,
    });
    return out.join('\n');
  }

  it.each([
    [
      planCommand,
      { ram: '2G', cores: '2', disk: '40G', with: 'maque,nginx,mariadb', program: 'shop', dau: '3000' },
    ],
    [renderCommand, { ram: '4G', with: 'maque,nginx,mariadb' }],
  ] as const)('$name', async (command, base: Readonly<Record<string, string>>) => {
    const names = Object.keys(command.options ?? {}).filter(
      (name) => !ELSEWHERE_TESTED.includes(name) && !MODES.includes(name),
    );
    const print = async (told: readonly string[]) => {
      const values = { ...base, ...Object.fromEntries(told.map((name) => [name, VALUES[name] ?? true])) };
      const args = Object.entries(values).flatMap(([name, value]) =>
        value === true ? [`--${name}`] : [`--${name}`, String(value)],
      );
      // Text tells what JSON does not, and the other way round.
      const data = await printed(command, [...args, '--json']);
      return command === renderCommand ? data : data + (await printed(command, args));
    };
    const plain = await print([]);
    const alone = new Map<string, string>();
    for (const name of names) alone.set(name, await print([name]));
    // Of what is planned for, not all shows in the files.
    const idle = names.filter((name) => alone.get(name) === plain);
    expect(idle.filter((name) => command === planCommand || !Object.hasOwn(requestOptions, name))).toEqual(
      [],
    );
    const telling = names.filter((name) => !idle.includes(name));
    const lost: string[] = [];
    for (const [index, one] of telling.entries())
      for (const other of telling.slice(index + 1)) {
        const both = await print([one, other]);
        if (both === alone.get(one)) lost.push(`--${other} beside --${one}`);
        if (both === alone.get(other)) lost.push(`--${one} beside --${other}`);
      }
    expect(lost).toEqual([]);
  });
});
