import { CodedError } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fittingPlans, shopRequest } from '../../testing/plan-requests.ts';
import { planBox } from '../plan/box/plan-box.ts';
import { render } from './render.ts';
import { renderOptions } from './render-options.ts';
import type { RenderOptions } from './target.ts';
import { targets } from './target-list.ts';

function problemsWith(told: Partial<RenderOptions>, language: 'en' | 'zh-CN' = 'en'): readonly string[] {
  try {
    renderOptions(told);
    return [];
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    expect(error.code).toBe('RENDER_OPTIONS_INVALID');
    return error.detailsIn(language).map(({ issue }) => issue);
  }
}

it('completes what was told by what is usual', () => {
  expect(renderOptions({ app: 'tea', port: 9000, domain: 'tea.example.cn' })).toMatchObject({
    user: 'tea',
    appDir: '/srv/tea',
    dataDir: '/var/lib/tea',
    metricsPort: 9001,
    certificate: '/etc/letsencrypt/live/tea.example.cn/fullchain.pem',
    database: 'tea',
  });
});

it('tells all that is wrong at once, and only what was told', () => {
  const told = { app: 'Shop!', user: 'root', domain: '10.0.0.1', port: 80, environments: ['prod'] };
  expect(problemsWith(told)).toEqual([
    '--name must be lower-case letters, digits and dashes, from a letter on, at most 30',
    '--user must be a plain user name, and never root',
    '--domain must be a full domain name, such as api.example.com',
    '--port must be a whole number from 1024 to 65535',
    '--environments must be staging or dev, each once',
  ]);
  expect(problemsWith(told, 'zh-CN')).toHaveLength(5);
});

it.each([
  [{ app: 'nginx' }, 'another service'],
  [{ appDir: '/etc' }, 'folder of the system'],
  [{ appDir: '/srv' }, 'folder of the system'],
  [{ dataDir: '/var/lib' }, 'folder of the system'],
  [{ node: '/root/.nvm/versions/node/v26.1.0/bin/node' }, '/root'],
  [{ dataDir: '/srv/shop', appDir: '/srv/shop/app' }, 'holds the folder of the app'],
  [{ port: 8080, metricsPort: 8080 }, 'port of the app'],
  [{ domain: 'localhost' }, 'full domain name'],
  [{ image: 'shop:1 && reboot' }, 'name of an image'],
  [{ database: 'shop`; drop' }, 'underscores'],
])('refuses %j', (told, part) => {
  expect(problemsWith(told)).toEqual([expect.stringContaining(part)]);
});

it('lets nothing through that could end a line, a word or a quotation', () => {
  const nasty = fc.constantFrom(...' \n\r\t"\'`$%;{}#&|<>\\()*?[]~!,:=@\u00e9\u3000\0');
  const field = fc.constantFrom(
    ...([
      'app',
      'user',
      'appDir',
      'dataDir',
      'node',
      'maque',
      'certificate',
      'certificateKey',
      'domain',
    ] as const),
  );
  fc.assert(
    fc.property(
      field,
      fc.string({ maxLength: 8 }),
      nasty,
      fc.string({ maxLength: 8 }),
      (key, one, bad, two) => {
        const usual = String(renderOptions()[key]);
        expect(problemsWith({ [key]: `${usual}${one}${bad}${two}` })).not.toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

it('renders any plan, every path once, and nothing outside of the tree', () => {
  fc.assert(
    fc.property(fittingPlans(), fc.constantFrom('en' as const, 'zh-CN' as const), (plan, language) => {
      const files = render(plan, renderOptions({ language }));
      const paths = files.map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      for (const { path, target, content } of files) {
        const { belongsTo } = targets.find(({ name }) => name === target) ?? {};
        // What a server's target makes for another machine has no place on this one.
        expect(path).toMatch(belongsTo === 'server' ? /^[^\s]+$/ : /^[^/\s][^\s]*$/);
        expect(path).not.toContain('..');
        expect(content).toMatch(/[^\n]\n$/);
        expect(content).not.toMatch(/undefined|NaN|\[object/);
      }
    }),
    { numRuns: 200 },
  );
});

it('renders the same from the same, and only what is asked for', () => {
  const plan = planBox(shopRequest());
  if (!plan.fits) throw new Error('the usual shop does not fit');
  expect(render(plan, renderOptions())).toEqual(render(plan, renderOptions()));
  const some = render(plan, renderOptions(), ['swap', 'journald']);
  expect([...new Set(some.map(({ target }) => target))]).toEqual(['swap', 'journald']);
  expect(() => render(plan, renderOptions(), ['systmd'])).toThrow('did you mean systemd?');
  expect(() => render(plan, renderOptions(), ['zzzzzzzz'])).toThrow('nothing to render named zzzzzzzz');
});
