import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWechatClient } from '../client.ts';
import { errcodeRows, rowsByPath } from '../errors/errcode-table.ts';
import { PAY_APIS } from '../pay/index.ts';
import { APP_ID, SECRET } from '../with-simulator.fixture.ts';
import { wechatReference } from './index.ts';

const sections = wechatReference.flatMap((part) => part.sections);
const calls = sections.flatMap((section) => section.calls);
const errors = [
  ...calls.flatMap((call) => call.errors),
  ...wechatReference.flatMap((part) => [...part.common, ...part.failures]),
];

/** Paths of WeChat that stand in our code, apart from the simulator, which answers them. */
function pathsInCode(): string[] {
  const folder = join(import.meta.dirname, '..');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test|\.fixture)\.ts$/.test(entry.name))
    .filter((entry) => !entry.parentPath.startsWith(join(folder, 'simulator')))
    .flatMap((entry) => [
      ...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(
        /['"`](\/(?:cgi-bin|sns|wxa|wxaapi|v3)\/[\w/{}-]+)['"`]/g,
      ),
    ])
    .map(([, path = '']) => path);
}

describe("the reference of WeChat's calls", () => {
  it('has every path that is called', () => {
    const known = calls.map((call) => call.path);
    expect(known.length).toBeGreaterThan(30);
    expect(pathsInCode().filter((path) => !known.includes(path))).toEqual([]);
  });

  it('has each call once, and by a name that exists', () => {
    expect(new Set(calls.map(({ method, path }) => `${method} ${path}`)).size).toBe(calls.length);
    const client: object = createWechatClient({ appId: APP_ID, secret: SECRET });
    for (const { call } of calls) {
      const [, name] = /^client\.([\w.]+)/.exec(call) ?? [];
      if (name === undefined) continue;
      const found = name
        .split('.')
        .reduce<unknown>((owner, part) => (owner as Record<string, unknown> | undefined)?.[part], client);
      expect(found, call).toBeTypeOf('function');
    }
    const elsewhere = calls.filter(({ call }) => !call.startsWith('client.'));
    expect(elsewhere.map(({ path }) => path)).toEqual(PAY_APIS.map(({ path }) => path));
  });

  it('knows what each errcode means', () => {
    const unknown = errors.filter(({ code }) => code.endsWith('_UNKNOWN'));
    expect(unknown).toEqual([]);
  });

  it('names every errcode that a table has a meaning for', () => {
    const said = new Set(errors.map((error) => error.said));
    const rows = [...Object.keys(errcodeRows), ...Object.values(rowsByPath).flatMap(Object.keys)];
    expect(rows.filter((errcode) => !said.has(errcode))).toEqual([]);
  });

  it('says everything in both languages', () => {
    const texts = [
      ...[...wechatReference, ...sections].map(({ title }) => title),
      ...calls.map(({ summary }) => summary),
      ...errors.flatMap(({ meaning, advice }) => [meaning, advice]),
    ];
    for (const { en, zh } of texts) {
      expect(en).toMatch(/[A-Za-z]/);
      expect(zh).toMatch(/[\u4e00-\u9fff]|^v3/);
      expect(en).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it('repeats at no call what all calls have in common', () => {
    for (const { common, sections } of wechatReference) {
      const advices = common.map(({ advice }) => advice);
      const own = sections.flatMap((section) => section.calls).flatMap((call) => call.errors);
      expect(own.filter(({ advice }) => advices.includes(advice))).toEqual([]);
    }
  });
});
