import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderChoices } from '../../../testing/render-choices.ts';
import { watchedPlans, watchedShop } from '../../../testing/watched-plans.ts';
import { renderOptions } from '../render-options.ts';
import type { RenderedFile } from '../rendered-file.ts';
import { alertmanager } from './alertmanager.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;
const SECRETS = {
  WECOM_CORP_ID: 'ww0123456789abcdef',
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'Abc-123_x',
  WECOM_TO_USER: 'anna|@all',
};

function writeBelow(folder: string, files: readonly RenderedFile[]): readonly string[] {
  return files.map(({ path, content, mode = 0o644 }) => {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content, { mode });
    return at;
  });
}

const filesIn = (language: (typeof LANGUAGES)[number]) =>
  alertmanager.render(watchedShop(), renderOptions({ language }));

/** The configuration as it is when the service starts. */
function fill(folder: string, files: readonly RenderedFile[], secrets: Readonly<Record<string, string>>) {
  const paths = writeBelow(folder, files);
  const named = (ending: string) => paths.find((path) => path.endsWith(ending)) ?? '';
  const filled = join(folder, 'filled.yml');
  const { status, stderr } = spawnSync('/bin/sh', [named('.sh'), named('.template.yml'), filled], {
    env: { PATH: '/usr/bin:/bin', ...secrets },
    encoding: 'utf8',
  });
  return { status, stderr, filled };
}

describe('what amtool says', () => {
  it('of 200 plans: the configuration is right, before and after its secrets', async () => {
    await using folder = await tempFolder();
    const samples = fc.sample(fc.tuple(watchedPlans(), renderChoices()), 200);
    const paths = samples.flatMap(([plan, options], index) =>
      writeBelow(join(folder.path, String(index)), alertmanager.render(plan, options)),
    );
    const configs = paths.filter((path) => path.endsWith('.yml'));
    expect(configs).toHaveLength(200);
    const { filled } = fill(folder.path, filesIn('en'), SECRETS);
    const said = execFileSync('amtool', ['check-config', ...configs, filled], { encoding: 'utf8' });
    expect(said.match(/SUCCESS/g)).toHaveLength(201);
  });

  it.each([
    ['wecom-at-once', 'severity=critical'],
    ['wecom-by-day', 'severity=warning'],
    ['wecom-by-day', 'team=none'],
  ])('of routes: %s gets %s', async (receiver, label) => {
    await using folder = await tempFolder();
    const [config = ''] = writeBelow(folder.path, filesIn('en'));
    const args = [
      'config',
      'routes',
      'test',
      `--config.file=${config}`,
      `--verify.receivers=${receiver}`,
      label,
    ];
    expect(execFileSync('amtool', args, { encoding: 'utf8' }).trim()).toBe(receiver);
  });
});

describe('secrets', () => {
  it('are filled in at the start, into a file that only the service reads', async () => {
    await using folder = await tempFolder();
    const { status, filled } = fill(folder.path, filesIn('en'), SECRETS);
    const text = readFileSync(filled, 'utf8');
    expect(status).toBe(0);
    expect(text).not.toContain('@WECOM');
    expect(text).toContain('wechat_api_secret: "Abc-123_x"');
    expect(text).toContain('to_user: "anna|@all"');
    expect(statSync(filled).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['is missing', { ...SECRETS, WECOM_SECRET: '' }],
    ['would mean something in YAML', { ...SECRETS, WECOM_SECRET: 'a"\nroute: b' }],
  ])('one that %s ends the start, and is not shown', async (_, secrets) => {
    await using folder = await tempFolder();
    const { status, stderr } = fill(folder.path, filesIn('en'), secrets);
    expect(status).toBe(78);
    expect(stderr).toBe('WECOM_SECRET: /etc/prometheus/wecom.env\n');
  });

  it('stand in no rendered file, and the unit asks for the file that has them', () => {
    const text = filesIn('en').map(({ content }) => content);
    expect(text.join('')).toContain('EnvironmentFile=/etc/prometheus/wecom.env');
    expect(text.join('')).not.toMatch(/api_secret: "(?!@)/);
  });
});

/** WeCom, as far as Alertmanager asks it. */
async function fakeWecom() {
  const sent: {
    readonly touser: string;
    readonly agentid: string;
    readonly text: { readonly content: string };
  }[] = [];
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (request.url?.includes('message/send')) sent.push(JSON.parse(body));
      response.setHeader('content-type', 'application/json');
      response.end('{"errcode":0,"errmsg":"ok","access_token":"token-1","expires_in":7200}');
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, sent, asked, [Symbol.dispose]: () => server.close() };
}

/** A real Alertmanager with the rendered configuration; only where WeCom lives and how long a group waits are the test's. */
async function startAlertmanager(folder: string, language: (typeof LANGUAGES)[number], wecomPort: number) {
  const { filled } = fill(folder, filesIn(language), SECRETS);
  const config = readFileSync(filled, 'utf8')
    .replace('global:\n', `global:\n  wechat_api_url: "http://127.0.0.1:${wecomPort}/cgi-bin/"\n`)
    .replaceAll(/group_wait: "\d+s"/g, 'group_wait: "1s"')
    .replace('group_interval: "5m"', 'group_interval: "1s"')
    .replaceAll(/ +mute_time_intervals:\n +- night\n/g, '');
  writeFileSync(filled, config);
  const port = await freePort();
  const child = await spawnProcess('/usr/bin/prometheus-alertmanager', [
    `--config.file=${filled}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  const url = `http://127.0.0.1:${port}`;
  const isUp = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitUntil('Alertmanager to be ready', isUp);
  const raise = (labels: Readonly<Record<string, string>>, endsAt?: string) => {
    const annotations = {
      summary: `${labels.alertname} of shop`,
      description: 'do this',
      runbook: 'docs/x.md',
    };
    const alert = {
      labels: { box: 'api.example.com', ...labels },
      annotations,
      startsAt: '2026-05-01T01:02:03Z',
      ...(endsAt === undefined ? {} : { endsAt }),
    };
    return fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([alert]),
    });
  };
  return { raise, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

describe('a real Alertmanager', () => {
  it.each(LANGUAGES)(
    'tells WeCom in %s what is wrong and what is over, and not what follows from it',
    async (language) => {
      await using folder = await tempFolder();
      using wecom = await fakeWecom();
      await using manager = await startAlertmanager(folder.path, language, wecom.port);
      await manager.raise({ alertname: 'MaqueDown', severity: 'critical', app: 'shop' });
      // A consequence of the one above.
      await manager.raise({ alertname: 'MaqueWorkersMissing', severity: 'warning', app: 'shop' });
      await manager.raise({ alertname: 'BoxDiskFull', severity: 'warning', mountpoint: '/' });

      await waitUntil('two messages', async () => wecom.sent.length >= 2);
      expect(wecom.asked[0]).toBe('/cgi-bin/gettoken?corpid=ww0123456789abcdef&corpsecret=Abc-123_x');
      const texts = wecom.sent.map(({ text }) => text.content);
      const urgent = texts.find((text) => text.includes('MaqueDown')) ?? '';
      expect(urgent).toMatch(
        /^🔴 MaqueDown of shop\ndo this\napi\.example\.com · .* 05-01 09:02 · docs\/x\.md/,
      );
      expect(texts.some((text) => text.startsWith('🟡 BoxDiskFull of shop'))).toBe(true);
      expect(texts.join()).not.toContain('MaqueWorkersMissing');
      expect(wecom.sent[0]).toMatchObject({ touser: 'anna|@all', agentid: '1000002' });

      await manager.raise(
        { alertname: 'BoxDiskFull', severity: 'warning', mountpoint: '/' },
        '2026-05-01T02:00:00Z',
      );
      const over = language === 'en' ? '🟢 over: BoxDiskFull of shop' : '🟢 已恢复：BoxDiskFull of shop';
      await waitUntil('the end of it', async () =>
        wecom.sent.some(({ text }) => text.content.startsWith(over)),
      );
    },
  );
});

it('every meaning has a number to stand above, in both languages', () => {
  for (const language of LANGUAGES) {
    const text = filesIn(language)
      .map(({ content }) => content)
      .join('\n');
    const unused = Object.values(alertmanager.meanings).filter(
      ({ id }) => !new RegExp(`# ${id}[: ]`).test(text),
    );
    expect(unused.map(({ id }) => id)).toEqual([]);
  }
});
