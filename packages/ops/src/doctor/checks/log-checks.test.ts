import { HOUR, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import type { RecordedProcess } from '../../../testing/recorded-process.ts';
import { kinds, look, NOW, server, shop } from '../../../testing/shop-recordings.ts';
import { logEndArguments } from '../facts/log-end.ts';
import { Patient } from '../patient.ts';
import type { DoctorSample } from '../samples.ts';
import { takeSample } from '../take-sample.ts';
import { debugLevel } from './debug-level.ts';
import { deletedFiles } from './deleted-files.ts';
import { journalSize } from './journal-size.ts';
import { largeLogs } from './large-logs.ts';
import { JOURNAL_RATE_ARGUMENTS, logFlood } from './log-flood.ts';
import { unboundedLogs } from './unbounded-logs.ts';

describe('G2 journal-size', () => {
  const journal = (settings: string | null, size: string): HostRecording => ({
    files: { '/var/log/journal/x': '', '/etc/systemd/journald.conf': settings },
    commands: {
      'journalctl --disk-usage': `Archived and active journals take up ${size} in the file system.\n`,
    },
  });

  it('is fine with a limit of its own, which a later file may set', async () => {
    expect(await kinds(journalSize, journal('[Journal]\nSystemMaxUse=200M\n', '152.0M'))).toEqual(['ok']);
    const later = journal('[Journal]\n#SystemMaxUse=\n', '152.0M');
    const files = {
      ...later.files,
      '/etc/systemd/journald.conf.d/50-size.conf': '[Journal]\nSystemMaxUse=1G\n',
    };
    expect(await kinds(journalSize, { ...later, files })).toEqual(['ok']);
  });

  it('warns of a large one, remarks on one without a limit, and brings one', async () => {
    expect(await look(journalSize, journal('', '3.1G'))).toMatchObject([
      { severity: 'warning', data: { size: '3.1 GiB' } },
    ]);
    const [outcome] = await look(journalSize, journal('', '80.0M'));
    expect(outcome).toMatchObject({ severity: 'info' });
    const repair = outcome?.kind === 'finding' ? outcome.repair : undefined;
    expect(repair?.rewrite(null)).toBe(
      '[Journal]\nSystemMaxUse=200M\nSystemMaxFileSize=20M\nRuntimeMaxUse=32M\n',
    );
  });

  it('says unknown where its settings may not be read, and nothing without a journal', async () => {
    expect(await kinds(journalSize, journal(null, '1M'))).toEqual(['unknown']);
    expect(await kinds(journalSize, {})).toEqual(['not-applicable']);
  });
});

describe('G3 large-logs', () => {
  const OUT = '/root/.pm2/logs/shop-out.log';
  const sized = (path: string, bytes: number, files: HostRecording['files'] = {}): HostRecording => ({
    files: { [path]: '', ...files },
    facts: { [path]: { bytes } },
  });

  it('is fine with small ones', async () => {
    expect(await kinds(largeLogs, sized(OUT, 5 * MiB))).toEqual(['ok']);
  });

  it('finds one that nobody rotates, and brings a rule that logrotate takes', async () => {
    const [outcome] = await look(largeLogs, sized(OUT, 900 * MiB));
    expect(outcome).toMatchObject({ severity: 'warning', data: { path: OUT, size: '900 MiB' } });
    const repair = outcome?.kind === 'finding' ? outcome.repair : undefined;
    const written = repair?.rewrite('/other {\n}') ?? '';
    expect(written).toMatch(
      /^\/other \{\n\}\n\/root\/\.pm2\/logs\/shop-out\.log \{\n {4}size 20M\n[^}]*copytruncate\n\}\n$/,
    );
    expect(repair?.rewrite(written)).toBe(written);
  });

  it('lets logrotate work as the owner of the log', async () => {
    const path = '/home/app/.pm2/logs/shop-out.log';
    const files = {
      '/home/app/x': '',
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1001:1002::/home/app:/bin/sh\n',
      '/etc/group': 'root:x:0:\nstaff:x:1002:\n',
    };
    const recording = sized(path, 900 * MiB, files);
    const outcomes = await look(largeLogs, {
      ...recording,
      facts: { [path]: { bytes: 900 * MiB, uid: 1001 } },
    });
    expect(outcomes).toMatchObject([{ fix: [{ lines: expect.arrayContaining(['    su app staff']) }] }]);
  });

  it('only remarks on one that has a rule, whether by pattern or by pm2-logrotate', async () => {
    const rule = { '/etc/logrotate.d/nginx': '# "x\n/var/log/nginx/*.log /var/log/web {\n weekly\n}\n' };
    expect(await kinds(largeLogs, sized('/var/log/nginx/access.log', 300 * MiB, rule))).toEqual(['info']);
    expect(await kinds(largeLogs, sized('/var/log/nginx/access.log.1', 300 * MiB, rule))).toEqual(['info']);
    expect(await kinds(largeLogs, sized('/var/log/nginx/access.txt', 300 * MiB, rule))).toEqual(['warning']);
    const module = { '/root/.pm2/modules/pm2-logrotate/package.json': '{}' };
    expect(await kinds(largeLogs, sized(OUT, 300 * MiB, module))).toEqual(['info']);
  });

  it('sees growth between a record and now', async () => {
    const recording = { ...sized(OUT, 90 * MiB), nowMs: NOW };
    const before = (hours: number, bytes: number): DoctorSample => ({
      atMs: NOW - hours * HOUR,
      memoryAvailableBytes: 0,
      services: {},
      logs: { [OUT]: bytes },
    });
    expect(await look(largeLogs, recording, [before(1, 20 * MiB)])).toMatchObject([
      { severity: 'critical', data: { rate: '70 MiB' } },
    ]);
    expect(await look(largeLogs, recording, [before(10, 20 * MiB)])).toMatchObject([{ kind: 'ok' }]);
    expect(await look(largeLogs, recording, [before(72, 0)])).toMatchObject([{ kind: 'ok' }]);
  });

  it('says unknown of folders that only root may enter', async () => {
    const host = recordedHost(sized(OUT, 5 * MiB));
    const guarded = {
      ...host,
      list: async (path: string) =>
        path === '/root/.pm2/logs' ? ({ kind: 'unreadable', reason: 'EACCES' } as const) : host.list(path),
    };
    expect(await largeLogs.look(new Patient(guarded))).toMatchObject([
      { kind: 'unknown', data: { what: '/root/.pm2/logs' } },
    ]);
  });

  it('is told the sizes by earlier samples', async () => {
    const sample = await takeSample(new Patient(recordedHost(sized(OUT, 5 * MiB))));
    expect(sample.logs).toEqual({ [OUT]: 5 * MiB });
  });
});

describe('G5 log-flood', () => {
  const LOG = '/var/log/shop/app.log';
  const line = (level: number) => `{"level":${level},"msg":"something happened to an order of somebody"}\n`;

  it('is fine with a calm log', async () => {
    expect(await kinds(logFlood, { files: { [LOG]: line(30).repeat(200) } })).toEqual(['ok']);
  });

  it('finds a log that is mostly for debugging', async () => {
    expect(
      await look(logFlood, { files: { [LOG]: line(20).repeat(100) + line(30).repeat(100) } }),
    ).toMatchObject([{ severity: 'warning', data: { source: LOG, share: 50 } }]);
  });

  it('counts lines between two looks', async () => {
    let bytes = 0;
    const host = recordedHost({ files: { [LOG]: line(30).repeat(100) } });
    const growing = {
      ...host,
      stat: async (path: string) => {
        const facts = await host.stat(path);
        if (path !== LOG || facts.kind !== 'value') return facts;
        bytes += 300 * line(30).length;
        return { ...facts, value: { ...facts.value, bytes } };
      },
      run: host.run,
    };
    const found = await logFlood.look(
      new Patient({
        ...growing,
        run: async () => ({
          kind: 'value',
          value: { stdout: `cut\n${line(30).repeat(100)}`, stderr: '', code: 0 },
        }),
      }),
    );
    expect(found).toMatchObject([{ severity: 'warning', data: { rate: 300 } }]);
  });

  it('counts lines in the journal, by who says them', async () => {
    const entries = Array.from(
      { length: 2_400 },
      (_, at) => `${(1_777_593_600 + at / 200).toFixed(6)} box node[900]: order ${at}\n`,
    );
    const commands = { [['journalctl', ...JOURNAL_RATE_ARGUMENTS].join(' ')]: entries.join('') };
    expect(await look(logFlood, { commands })).toMatchObject([
      { severity: 'warning', data: { source: 'node (journal)', rate: 200 } },
    ]);
  });

  it('says unknown of a log that may not be read, and nothing where there is none', async () => {
    expect(await kinds(logFlood, { files: { [LOG]: null } })).toEqual(['unknown']);
    const large = { files: { [LOG]: '' }, facts: { [LOG]: { bytes: 10 * MiB } } };
    const commands = { [['tail', ...logEndArguments(LOG, 65_536)].join(' ')]: null };
    expect(await kinds(logFlood, { ...large, commands })).toEqual(['unknown']);
    expect(await kinds(logFlood, {})).toEqual(['not-applicable']);
  });
});

describe('G8 unbounded-logs', () => {
  const writing = (path: string, bytes: number, files: HostRecording['files'] = {}) =>
    server(
      [shop],
      { [path]: '', '/proc/900/fd/5': '', ...files },
      {
        links: { '/proc/900/fd/5': path },
        facts: { [path]: { bytes } },
      },
    );
  const LOG = '/srv/shop/app.log';

  it.each([
    ['a log of a logger that ends nothing', writing(LOG, 5 * MiB), ['warning']],
    ['a young one', writing(LOG, 5_000), ['ok']],
    ['one with a rule', writing(LOG, 5 * MiB, { '/etc/logrotate.d/shop': `"${LOG}" {\n}\n` }), ['ok']],
    ['one whose logger begins new ones', writing('/srv/shop/app-2026-05-01.log', 5 * MiB), ['ok']],
    ['one with older ones beside it', writing(LOG, 5 * MiB, { '/srv/shop/app.1.log': '' }), ['ok']],
    ['a log of PM2, however small', { files: { '/root/.pm2/logs/shop-out.log': 'x' } }, ['warning']],
    ['a large one, which is told elsewhere', writing(LOG, 500 * MiB), ['ok']],
  ] satisfies readonly (readonly [string, HostRecording, readonly string[]])[])(
    '%s',
    async (_what, host, expected) => {
      expect(await kinds(unboundedLogs, host)).toEqual(expected);
    },
  );

  it('says unknown where it may not see what is open', async () => {
    const host = recordedHost(server([shop], { '/proc/900/fd/5': '' }));
    const guarded = {
      ...host,
      list: async (path: string) =>
        path === '/proc/900/fd' ? ({ kind: 'unreadable', reason: 'EACCES' } as const) : host.list(path),
    };
    expect(await unboundedLogs.look(new Patient(guarded))).toMatchObject([{ kind: 'unknown' }]);
    expect(await deletedFiles.look(new Patient(guarded))).toMatchObject([{ kind: 'unknown' }]);
  });
});

describe('G9 debug-level', () => {
  const told = (environment: Readonly<Record<string, string>>, commandLine = ['node', 'app.js']) =>
    server([{ ...shop, environment, commandLine }]);

  it.each([
    [{ LOG_LEVEL: 'info', DEBUG: '' }, 'ok'],
    [{ LOG_LEVEL: 'debug' }, 'warning'],
    [{ MAQUE_LOG_LEVEL: 'trace' }, 'warning'],
    [{ DEBUG: 'express:*' }, 'warning'],
    [{ DEBUG: 'False' }, 'ok'],
    [{ LOG_LEVEL: 'debug', NODE_ENV: 'development' }, 'not-applicable'],
  ])('%j: %s', async (environment, expected) => {
    expect(await kinds(debugLevel, told(environment as Readonly<Record<string, string>>))).toEqual([
      expected,
    ]);
  });

  it('reads command lines', async () => {
    expect(
      await kinds(debugLevel, told({}, ['java', '-jar', 'x.jar', '--logging.level.root=DEBUG'])),
    ).toEqual(['warning']);
  });

  it('finds it in nginx and in the database', async () => {
    const nginx: RecordedProcess = { pid: 80, executable: '/usr/sbin/nginx' };
    const database: RecordedProcess = { pid: 50, executable: '/usr/sbin/mariadbd' };
    const files = {
      '/etc/nginx/nginx.conf': 'error_log /var/log/nginx/error.log debug;\n',
      '/etc/my.cnf': '[mysqld]\ngeneral_log = 1\n',
    };
    expect(await look(debugLevel, server([nginx, database], files))).toMatchObject([
      { severity: 'warning', evidence: '/etc/nginx/nginx.conf:1: error_log /var/log/nginx/error.log debug' },
      { severity: 'warning', evidence: '/etc/my.cnf: general_log=1' },
    ]);
  });

  it('says unknown where environments may not be read', async () => {
    const recording = told({});
    const files = { ...recording.files, '/proc/900/environ': null };
    expect(await kinds(debugLevel, { ...recording, files })).toEqual(['unknown']);
  });
});
