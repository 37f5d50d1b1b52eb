import { cpuMsOf } from '@maque/testkit/process/cpu-time';
import { describe, expect, it } from 'vitest';
import { collection } from '../../define/collection.ts';
import type { RelationTarget } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import { parseFilter } from './filter-parser.ts';
import type { WireScope } from './wire-scope.ts';

const categories = collection({
  fields: {
    name: field.text({ maxLength: 40 }),
    open: field.bool(),
    parent: field.relation((): RelationTarget => categories).optional(),
    cost: field.int().hidden(),
  },
});
const fields = {
  name: field.text({ maxLength: 40 }),
  count: field.int({ min: 0, max: 99 }),
  open: field.bool(),
  at: field.datetime().optional(),
  kind: field.enum(['tea', 'snack']),
  owner: field.user(),
  data: field.json(),
  secret: field.text({ maxLength: 10 }).hidden(),
  address: field.object({ city: field.text({ maxLength: 20 }), floor: field.int(), spot: field.geo() }),
  extras: field.json({ shape: { color: field.text({ maxLength: 10 }) } }),
  category: field.relation(() => categories),
  tags: field.relations(() => categories, { maxItems: 5 }),
  words: field.list(field.text({ maxLength: 10 }), { maxItems: 5 }),
  parcels: field.list(field.object({ weight: field.int() }), { maxItems: 5 }),
  spot: field.geo().optional(),
  sealed: field.relation(() => categories),
};
const isOpen = { kind: 'compare', field: 'open', comparator: '=', operand: true } as const;
// Of the categories, this caller may list those that are open; of what is behind `sealed`, nothing.
const ofCategories: WireScope = { fields: categories.fields, condition: isOpen, behind: () => ofCategories };
const scope: WireScope = {
  fields,
  condition: { kind: 'all', parts: [] },
  behind: (relation) => (relation === 'sealed' ? undefined : ofCategories),
};
const parse = (filter: string) => parseFilter(scope, filter);

/** A condition as text with every bracket, to see how it was read. */
function show(condition: ReturnType<typeof parse>): string {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return `(${condition.parts.map(show).join(condition.kind === 'all' ? ' & ' : ' | ')})`;
    case 'compare':
      return `${condition.field} ${condition.comparator} ${String(condition.operand)}`;
    case 'in':
      return `${condition.field} ${condition.negated ? '!' : ''}in ${condition.operands.join('/')}`;
    case 'like':
      return `${condition.field} ${condition.negated ? '!' : ''}like ${condition.pattern}`;
    case 'has':
      return `${condition.field} ${condition.negated ? '!' : ''}has ${String(condition.operand)}`;
    case 'near':
      return `${condition.field} ${condition.negated ? '!' : ''}near ${Object.values(condition.near).join('/')}`;
    case 'related':
      return `${condition.negated ? '!' : ''}${condition.field}.(${show(condition.part)})`;
  }
}

describe('a filter', () => {
  it.each([
    ['count = 5', 'count = 5'],
    ['count=-5', 'count = -5'],
    ["name = 'it\\'s'", "name = it's"],
    ['name = "say \\"茶\\""', 'name = say "茶"'],
    ['open = TRUE and at = null', '(open = true & at = null)'],
    ['count > 1 or count < 0 and open = true', '(count > 1 | (count < 0 & open = true))'],
    ['(count > 1 or count < 0) and open = true', '((count > 1 | count < 0) & open = true)'],
    ['not (count > 1 or open = true)', '(count <= 1 & open != true)'],
    ['not not count = 1', 'count = 1'],
    ['not at < "2026-01-01T08:00:00+08:00"', '(at >= 2026-01-01T00:00:00.000Z | at = null)'],
    ['kind in ("tea", "snack")', 'kind in tea/snack'],
    ['kind not in ("tea")', 'kind !in tea'],
    ['kind in ()', 'kind in '],
    ['not name like "%茶%"', 'name !like %茶%'],
    ['id = "b1" and createdAt > "2026-01-01T00:00:00Z"', '(id = b1 & createdAt > 2026-01-01T00:00:00.000Z)'],
    [
      'address.city = "杭州" and not address.floor > 3',
      '(address.city = 杭州 & (address.floor <= 3 | address.floor = null))',
    ],
    ['extras.color in ("red", "blue")', 'extras.color in red/blue'],
    ['category.name = "tea"', 'category.((open = true & name = tea))'],
    ['not category.name = "tea"', '!category.((open = true & name = tea))'],
    ['category.name not like "%a"', 'category.((open = true & name !like %a))'],
    ['tags.parent.name = "tea"', 'tags.((open = true & parent.((open = true & name = tea))))'],
    [
      'category.createdAt > "2026-01-01T00:00:00Z"',
      'category.((open = true & createdAt > 2026-01-01T00:00:00.000Z))',
    ],
    ['category = "c1" and tags has "c2"', '(category = c1 & tags has c2)'],
    ['tags not has "c2" or not words has "x"', '(tags !has c2 | words !has x)'],
    ['spot near (39.908, -116.397, 2000)', 'spot near 39.908/-116.397/2000'],
    ['not address.spot near (0,0,1.5)', 'address.spot !near 0/0/1.5'],
    ['name = "\' OR 1=1; DROP TABLE books; --"', "name = ' OR 1=1; DROP TABLE books; --"],
  ])('%s reads as %s', (filter, read) => {
    expect(show(parse(filter))).toBe(read);
  });

  it.each([
    ['', 'a field is expected'],
    ['count', 'ends too early'],
    ['count =', 'ends too early'],
    ['count = 5 open = true', 'and, or is expected instead of open'],
    ['(count = 5', 'ends too early'],
    ['count = 5)', 'and, or is expected instead of )'],
    ['count == 5', 'a value is expected instead of ='],
    ['count = 5; drop table books', '; is not expected'],
    ['count = 1 -- and', '- is not expected'],
    ['count = "5"', 'count: must be a whole number'],
    ['count = 5.5', 'count: must be a whole number'],
    ['count = 99999999999999999999', 'count: must be a whole number'],
    ['count > null', 'count: null can only be compared by = and !='],
    ['open > true', 'open: a field of kind bool has no order'],
    ['open = 1', 'open: must be true or false'],
    ['kind = "toy"', 'kind: must be one of tea, snack'],
    ['at = "yesterday"', 'at: must be a time'],
    ['kind in ("tea", null)', 'kind: null can only be compared by = and !='],
    ['kind in (', 'ends too early'],
    ['kind in (,)', 'a value is expected instead of ,'],
    ['name = count', 'a value is expected instead of count'],
    ['nmae = "x"', 'there is no field nmae; did you mean name?'],
    ['secret = "x"', 'there is no field secret'],
    ['password = "x"', 'there is no field password'],
    ['data = 1', 'data cannot be compared'],
    ['address = 1', 'address cannot be compared'],
    ['parcels has 1', 'parcels cannot be compared'],
    ['address.cty = "x"', 'there is no field address.cty; did you mean address.city?'],
    ['extras.size = 1', 'there is no field extras.size'],
    ['data.x = 1', 'there is no field data.x'],
    ['name.x = 1', 'there is no field name.x'],
    ['category.nmae = "x"', 'there is no field category.nmae; did you mean category.name?'],
    ['category.cost = 1', 'there is no field category.cost'],
    ['sealed.name = "tea"', 'there is no field sealed.name'],
    ['tags.parent.parent.name = "x"', 'goes through 2 relations at most'],
    [`${'parent.'.repeat(140)}name = 1`, 'there is no field parent.parent'],
    ['category. = "x"', '. is not expected'],
    ['tags = "c2"', 'has is expected instead of ='],
    ['tags has c2', 'a value is expected instead of c2'],
    ['tags has 5', 'tags: must be text'],
    ['words has null', 'words: null'],
    ['name has "x"', '= != > >= < <= in like is expected instead of has'],
    ['spot = null', 'near is expected instead of ='],
    ['spot near (95, 0, 10)', 'spot: must be a point'],
    ['spot near (9, 0, 100001)', 'spot: meters are from 1 to 100000'],
    ['spot near (9, 0)', ', is expected instead of )'],
    ['spot near (9, "0", 1)', 'a number is expected'],
    ['count like "%"', 'like needs a text field'],
    ['name like 5', 'a text is expected instead of 5'],
    ['name like "%a%b%c%d%e%"', '4 times %'],
    [`name = "${'x'.repeat(1_000)}"`, 'longer than 1000 characters'],
    [`${'('.repeat(9)}count = 1${')'.repeat(9)}`, 'nests deeper than 8'],
    [Array.from({ length: 21 }, () => 'count=1').join(' or '), 'more than 20 conditions'],
    ['name = "unclosed', '" is not expected'],
  ])('%s is refused', (filter, reason) => {
    expect(() => parse(filter)).toThrow(
      expect.objectContaining({ code: 'FILTER_INVALID', message: expect.stringContaining(reason) }),
    );
  });

  it('says why in Chinese too', () => {
    try {
      parse('nmae = 1');
    } catch (error) {
      const { messageIn } = error as { messageIn(language: string): string };
      expect(messageIn.call(error, 'zh-CN')).toBe('过滤条件不合法：没有字段 nmae，是否应为 name？');
    }
  });

  it('takes no longer for hostile text than for plain text', () => {
    const tookMs = cpuMsOf(() => {
      for (const hostile of [`"${'\\'.repeat(998)}`, '('.repeat(1_000), `name like "${'%'.repeat(900)}"`]) {
        for (let round = 0; round < 100; round += 1) expect(() => parse(hostile)).toThrow();
      }
    });
    // 300 filters of 1,000 characters; a backtracking tokenizer would take hours.
    expect(tookMs).toBeLessThan(2_000);
  });
});
