import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FOREIGN_METRIC_NAMES, metricsIn, ownMetricNames } from '../../../testing/exported-metrics.ts';
import { recordedHost } from '../../../testing/recorded-host.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { watchedPlans, watchedShop } from '../../../testing/watched-plans.ts';
import { readHeapAlertRules } from '../../doctor/facts/heap-alert-rules.ts';
import { renderOptions } from '../render-options.ts';
import type { RenderedFile } from '../rendered-file.ts';
import { alertGroups } from './prometheus/alert-list.ts';
import { prometheus } from './prometheus.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..', '..');
const LANGUAGES = ['en', 'zh-CN'] as const;

/** Writes files below a folder; answers where each lies. */
function writeBelow(folder: string, files: readonly RenderedFile[]): readonly string[] {
  return files.map(({ path, content }) => {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content);
    return at;
  });
}

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function rulesOf(files: readonly RenderedFile[]): readonly Rule[] {
  const text = files.find(({ path }) => path.endsWith('.rules.yml'))?.content ?? '';
  const { groups } = parse(text) as { groups: readonly { rules: readonly Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

const filesIn = (language: (typeof LANGUAGES)[number]) =>
  prometheus.render(watchedShop(), renderOptions({ language }));

describe('what promtool says', () => {
  it('of 200 plans: configuration and rules are right', async () => {
    await using folder = await tempFolder();
    const samples = fc.sample(fc.tuple(watchedPlans(), renderChoices()), 200);
    const paths = samples.flatMap(([plan, options], index) =>
      writeBelow(join(folder.path, String(index)), prometheus.render(plan, options)),
    );
    const configs = paths.filter((path) => path.endsWith('/prometheus.yml'));
    expect(configs).toHaveLength(200);
    const said = execFileSync('promtool', ['check', 'config', ...configs], { encoding: 'utf8' });
    expect(said.match(/rules found/g)).toHaveLength(200);
  });

  it('of the tests of the rules: calm is silent, and each limit speaks where it should', async () => {
    await using folder = await tempFolder();
    const samples = fc.sample(fc.tuple(watchedPlans(), renderChoices()), 1);
    const shops = LANGUAGES.map(filesIn);
    const sets = [...shops, ...samples.map(([plan, options]) => prometheus.render(plan, options))];
    const paths = sets.flatMap((files, index) => writeBelow(join(folder.path, String(index)), files));
    const tests = paths.filter((path) => path.endsWith('.tests.yml'));
    expect(tests).toHaveLength(3);
    const said = execFileSync('promtool', ['test', 'rules', ...tests], { encoding: 'utf8' });
    expect(said.match(/SUCCESS/g)).toHaveLength(3);
  });

  it('of a limit that was moved: the tests fail', async () => {
    await using folder = await tempFolder();
    const moved = filesIn('en').map((file) => ({
      ...file,
      content: file.content.replace('maque:heap_floor:share > 0.85', 'maque:heap_floor:share > 0.99'),
    }));
    const tests = writeBelow(folder.path, moved).filter((path) => path.endsWith('.tests.yml'));
    expect(() => execFileSync('promtool', ['test', 'rules', ...tests], { stdio: 'pipe' })).toThrow(
      /MaqueHeapFull/,
    );
  });
});

describe('what rules ask for', () => {
  const own = ownMetricNames();
  const rules = rulesOf(filesIn('en'));

  it.each(rules.map(({ alert, record, expr }) => [alert ?? record, expr]))('%s is exported', (_, expr) => {
    const recorded = new Set(rules.map(({ record }) => record));
    const unknown = metricsIn(expr ?? '').filter(
      (name) => !own.has(name) && !FOREIGN_METRIC_NAMES.has(name) && !recorded.has(name),
    );
    expect(metricsIn(expr ?? '')).not.toEqual([]);
    expect(unknown).toEqual([]);
  });

  it('names failures of WeChat and causes of death by words that exist', () => {
    const sources = [
      'packages/wechat/src/errors/failure-codes.ts',
      'packages/keeper/src/process/exit-cause.ts',
      'packages/server/src/modules/payments/payment-tally.ts',
    ].map((path) => readFileSync(join(ROOT, path), 'utf8'));
    const words = rules.flatMap(({ expr }) => [
      ...expr.matchAll(/(?:result|cause|outcome|event)(?:=|=~|!~)"([^"]+)"/g),
    ]);
    const missing = words
      .flatMap(([, list = '']) => list.split('|'))
      .filter((word) => !sources.some((source) => new RegExp(`\\b${word}\\b`).test(source)));
    expect(words.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('never sets used heap against total heap: the check-up finds nothing', async () => {
    const file = filesIn('en').find(({ path }) => path.endsWith('.rules.yml'));
    const files = { '/etc/prometheus/rules/shop.rules.yml': file?.content ?? '' };
    expect(await readHeapAlertRules(recordedHost({ files }), [])).toMatchObject({ found: [], looked: 1 });
  });
});

describe('what people read', () => {
  it.each(LANGUAGES)('in %s: every alert has a summary, what to do, and a page that exists', (language) => {
    const alerts = rulesOf(filesIn(language)).filter(({ alert }) => alert !== undefined);
    for (const { annotations } of alerts) {
      const { summary = '', description = '', runbook = '' } = annotations ?? {};
      expect(summary + description).not.toMatch(/undefined|(?<!\{)\{[a-z]+\}(?!\})/);
      expect(existsSync(join(ROOT, runbook)), runbook).toBe(true);
      expect(/[一-鿿]/.test(summary)).toBe(language === 'zh-CN');
    }
    const names = new Set(alerts.map(({ alert }) => alert));
    expect(names.size).toBe(alertGroups.flatMap(({ rules }) => rules).length);
  });

  it.each(LANGUAGES)('in %s: every limit stands in the remark above it', (language) => {
    const text = filesIn(language).find(({ path }) => path.endsWith('.rules.yml'))?.content ?? '';
    const rows = [
      ...text.matchAll(
        /# prometheus\.(\w+) = ([<>] [\d.]+).*\n\s+- alert: (\w+)\n\s+expr: (.*(?:\n\s{10}.*)*)/g,
      ),
    ];
    expect(rows).toHaveLength(text.match(/- alert:/g)?.length ?? 0);
    for (const [, meaning, limit = '?', alert, expr] of rows) {
      expect(meaning).toBe(alert);
      expect(expr).toContain(limit);
    }
  });

  it('every meaning has a number to stand above, in both languages', () => {
    for (const language of LANGUAGES) {
      const text = filesIn(language)
        .map(({ content }) => content)
        .join('\n');
      const unused = Object.values(prometheus.meanings).filter(
        ({ id }) => !new RegExp(`# ${id}[: ]`).test(text),
      );
      expect(unused.map(({ id }) => id)).toEqual([]);
    }
  });
});

describe('what is added to units', () => {
  it.each(['prometheus.service', 'prometheus-node-exporter.service'])(
    'of %s is understood by systemd',
    async (name) => {
      await using folder = await tempFolder();
      writeBelow(folder.path, filesIn('en'));
      const units = join(folder.path, 'etc/systemd/system');
      const unit = join(units, name);
      expect(existsSync(join(units, `${name}.d/50-maque.conf`))).toBe(true);
      // Neither of the programs need be installed: what is asked is whether the lines are right.
      writeFileSync(unit, '[Service]\nEnvironmentFile=-/etc/default/none\nExecStart=/bin/true $ARGS\n');
      const dropIn = join(units, `${name}.d/50-maque.conf`);
      writeFileSync(
        dropIn,
        readFileSync(dropIn, 'utf8').replace(/ExecStart=\/usr\/bin\/[a-z-]+/, 'ExecStart=/bin/true'),
      );
      const verify = () =>
        spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=yes', unit], {
          encoding: 'utf8',
          env: { ...process.env, SYSTEMD_UNIT_PATH: `${units}:` },
        });
      expect(verify()).toMatchObject({ status: 0, stdout: '', stderr: '' });
      // It is read at all.
      writeFileSync(dropIn, `${readFileSync(dropIn, 'utf8')}MemoryMaxx=1\n`);
      expect(verify().stderr).toContain('MemoryMaxx');
    },
  );
});

it('what is not on this box is not written to it: another machine gets the files', () => {
  const options = renderOptions();
  for (const plan of fc.sample(watchedPlans(), 40)) {
    const watches = (program: string) =>
      plan.services.some(({ request }) => 'program' in request && request.program === program);
    const paths = prometheus.render(plan, options).map(({ path }) => path);
    const units = paths.filter((path) => path.startsWith('/etc/systemd/system/'));
    const others = paths.filter((path) => !units.includes(path));
    expect(others).toHaveLength(3);
    expect(others.every((path) => path.startsWith('/') === watches('prometheus'))).toBe(true);
    expect(units).toHaveLength(Number(watches('prometheus')) + Number(watches('node_exporter')));
  }
});
