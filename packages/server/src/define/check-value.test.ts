import { describe, expect, it } from 'vitest';
import { checkFields, Issues } from './check-value.ts';
import type { Fields } from './field.ts';
import { field } from './field-vocabulary.ts';

const fields = {
  name: field.text({ maxLength: 5 }),
  count: field.int({ min: 1, max: 99 }),
  price_fen: field.money().default(100),
  flag: field.bool().optional(),
  at: field.datetime().optional(),
  kind: field.enum(['tea', 'snack']).optional(),
  any: field.json({ maxBytes: 50 }).optional(),
  target: field.user().optional(),
  owner: field.caller(),
  lines: field.list(field.object({ n: field.int({ min: 0 }) }), { maxItems: 2 }).optional(),
  secret: field.text({ maxLength: 5 }).default('s').hidden(),
};

function check(input: unknown, options = {}, of: Fields = fields) {
  const issues = new Issues();
  const values = checkFields(of, input, '', issues, { callerId: 'u1', fromOutside: true, ...options });
  return { values, issues: issues.list.map(({ path, issue }) => `${path ?? ''}: ${issue.en}`) };
}

const good = { name: '茶', count: 2 };

describe('checking values', () => {
  it('fills in what was left out', () => {
    expect(check(good)).toEqual({
      issues: [],
      values: {
        ...good,
        price_fen: 100,
        flag: null,
        at: null,
        kind: null,
        any: null,
        target: null,
        owner: 'u1',
        lines: null,
        secret: 's',
      },
    });
  });

  it('fills in nothing for a change', () => {
    expect(check({ count: 5 }, { partial: true }).values).toEqual({ count: 5 });
  });

  it.each([
    [{ ...good, name: '' }, 'name: must have from'],
    [{ ...good, name: '六个字太长了' }, 'name: must have from'],
    [{ ...good, name: 5 }, 'name: must be text'],
    [{ ...good, name: 'a\0' }, 'name: must be valid Unicode'],
    [{ ...good, name: '\ud800' }, 'name: must be valid Unicode'],
    [{ ...good, name: null }, 'name: must not be null'],
    [{ count: 2 }, 'name: is required'],
    [{ ...good, count: '2' }, 'count: must be a whole number'],
    [{ ...good, count: 1.5 }, 'count: must be a whole number'],
    [{ ...good, count: -1 }, 'count: must be a whole number'],
    [{ ...good, count: 1e300 }, 'count: must be a whole number'],
    [{ ...good, price_fen: -1 }, 'price_fen: must be a whole number'],
    [{ ...good, flag: 1 }, 'flag: must be true or false'],
    [{ ...good, at: 'tomorrow' }, 'at: must be a time'],
    [{ ...good, at: '2026-02-30T00:00:00Z' }, 'at: must be a time'],
    [{ ...good, at: '2026-01-01T25:00:00Z' }, 'at: must be a time'],
    [{ ...good, at: '0000-01-01T00:00:00Z' }, 'at: must be a time'],
    [{ ...good, at: '2026-01-01' }, 'at: must be a time'],
    [{ ...good, kind: 'Tea' }, 'kind: must be one of'],
    [{ ...good, any: { text: 'x'.repeat(60) } }, 'any: must not exceed'],
    [{ ...good, any: JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`) }, 'any: must not nest deeper'],
    [{ ...good, target: "u1' or 1" }, 'target: must be an id'],
    [{ ...good, lines: [{ n: 1 }, { n: 2 }, { n: 3 }] }, 'lines: must be a list'],
    [{ ...good, lines: [{ n: -1 }] }, 'lines.0.n: must be a whole number'],
    [{ ...good, lines: [{ n: 1, x: 1 }] }, 'lines.0.x: is not a known field'],
    [{ ...good, lines: [null] }, 'lines.0: must not be null'],
    [{ ...good, nane: 'x' }, 'nane: is not a known field; did you mean'],
    [{ ...good, secret: 'x' }, 'secret: is not a known field'],
    [{ ...good, id: 'x' }, 'id: is not a known field'],
    [JSON.parse('{"name":"a","count":1,"__proto__":{"x":1}}'), '__proto__: is not a known field'],
    [[], ': must be an object'],
    [null, ': must be an object'],
    ['text', ': must be an object'],
  ])('refuses %j', (input, issue) => {
    expect(check(input).issues.join('\n')).toContain(issue);
  });

  it('knows no caller who is nobody', () => {
    expect(check(good, { callerId: undefined }).issues).toEqual(['owner: is required']);
  });

  it('counts characters as databases do, not UTF-16 units', () => {
    expect(check({ ...good, name: '🍵🍵🍵🍵🍵' }).issues).toEqual([]);
  });

  it('writes times in UTC to the millisecond', () => {
    const { values } = check({ ...good, at: '2026-05-01T08:00:00+08:00' });
    expect(values.at).toBe('2026-05-01T00:00:00.000Z');
  });

  it('stops after enough faults to repair a form', () => {
    const hostile = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 1]));
    expect(check(hostile).issues).toHaveLength(20);
  });
});
