import fc from 'fast-check';
import { caller, type GeoPoint } from '../src/define/field.ts';
import type { AnyRule } from '../src/define/rules.ts';
import type { Identity } from '../src/ports/identity.ts';

/**
 * A small world of records, and a model of rules and filters that knows nothing of SQL, conditions or access: it says of
 * one record at a time whether a rule or a filter, as written, lets it through.
 */
export interface Thing {
  readonly id: string;
  readonly ownerId: string | null;
  readonly count: number | null;
  readonly open: boolean;
  readonly word: string | null;
  readonly level: string;
  readonly members: readonly string[] | null;
  readonly words: readonly string[];
  readonly box: {
    readonly size: number | null;
    readonly open: boolean;
    readonly marks: readonly number[];
  } | null;
  readonly extras: { readonly color?: string; readonly other?: string } | null;
  readonly spot: GeoPoint | null;
  readonly shelf: string | null;
  readonly tags: readonly string[];
}

export interface Shelf {
  readonly id: string;
  readonly label: string;
  readonly ownerId: string | null;
  readonly room: string | null;
}

export interface Room {
  readonly id: string;
  readonly label: string;
}

export interface World {
  readonly things: readonly Thing[];
  readonly shelves: readonly Shelf[];
  readonly rooms: readonly Room[];
}

type Kind = keyof World;
type AnyRecord = Thing | Shelf | Room;

/** Which paths lead from one collection to another. */
const RELATIONS: Readonly<Record<string, Kind>> = { shelf: 'shelves', tags: 'shelves', room: 'rooms' };

export interface Test {
  readonly path: string;
  readonly operator: string;
  readonly value: unknown;
}

export type Filter =
  | { readonly test: Test; readonly negated: boolean }
  | { readonly not: Filter }
  | { readonly join: 'and' | 'or'; readonly parts: readonly Filter[] };

// ---- what is drawn

const words = fc.constantFrom('', 'a', 'A', 'ab', 'b', '茶', '茶a', '%', '_', "'", '🍵', '\uffee');
const users = fc.constantFrom('u1', 'u2');
const counts = fc.constantFrom(-2, 0, 1, 5);
const levels = fc.constantFrom('a', 'b', 'c');
const labels = fc.constantFrom('x', 'y');
const shelfIds = fc.constantFrom('s0', 's1', 's2');
const roomIds = fc.constantFrom('r0', 'r1');
/** Far enough from the edges of the circles that rounding cannot move them. */
const spots = fc.constantFrom(
  { lat: 30, lng: 120 },
  { lat: 30.001, lng: 120 },
  { lat: 30.1, lng: 120.1 },
  { lat: 0, lng: 179.9995 },
  { lat: 0, lng: -179.9995 },
  { lat: 89.9999, lng: 10 },
);
const circles = fc.record({ spot: spots, meters: fc.constantFrom(50, 500, 20_000) });

export const thing = fc.record({
  ownerId: fc.option(users),
  count: fc.option(counts),
  open: fc.boolean(),
  word: fc.option(words),
  level: levels,
  members: fc.option(fc.uniqueArray(users, { maxLength: 2 })),
  words: fc.array(words, { maxLength: 2 }),
  box: fc.option(
    fc.record({ size: fc.option(counts), open: fc.boolean(), marks: fc.array(counts, { maxLength: 2 }) }),
  ),
  extras: fc.option(
    fc.record({ color: words.filter((word) => word !== ''), other: words }, { requiredKeys: [] }),
  ),
  spot: fc.option(spots),
  shelf: fc.option(shelfIds),
  tags: fc.uniqueArray(shelfIds, { maxLength: 3 }),
});
export const shelf = fc.record({ label: labels, ownerId: fc.option(users), room: fc.option(roomIds) });
/** Three shelves in two rooms, which things may be on. */
export const shelves = fc.tuple(shelf, shelf, shelf);
export const rooms = fc.tuple(labels, labels);

export const identity: fc.Arbitrary<Identity> = fc.constantFrom<Identity>(
  { kind: 'anonymous' },
  { kind: 'user', userId: 'u1', sessionId: 's', roles: [] },
  { kind: 'user', userId: 'u3', sessionId: 's', roles: [] },
  { kind: 'admin', adminId: 'u1', sessionId: 's' },
);

const order = fc.constantFrom('=', '!=', '>', '>=', '<', '<=');
const equality = fc.constantFrom('=', '!=');
const testOf = (path: string, operator: fc.Arbitrary<string> | string, value: fc.Arbitrary<unknown>) =>
  fc.record({
    path: fc.constant(path),
    operator: typeof operator === 'string' ? fc.constant(operator) : operator,
    value,
  });
const none = fc.constant(null);
const several = <Value>(one: fc.Arbitrary<Value>) => fc.array(one, { maxLength: 5 });
const plainTests = fc.oneof(
  testOf('count', order, counts),
  testOf('count', 'in', several(counts)),
  testOf('word', order, words),
  testOf('word', equality, none),
  testOf('open', equality, fc.boolean()),
  testOf('level', equality, levels),
  testOf('level', 'in', several(levels)),
  testOf('ownerId', equality, users),
);
const deepTests = fc.oneof(
  testOf('members', 'has', users),
  testOf('words', 'has', words),
  testOf('tags', 'has', shelfIds),
  testOf('spot', 'near', circles),
  testOf('box.size', order, counts),
  testOf('box.size', 'in', several(counts)),
  testOf('box.size', equality, none),
  testOf('box.open', equality, fc.boolean()),
  testOf('box.marks', 'has', counts),
  testOf('extras.color', order, words),
  testOf('extras.color', equality, none),
);
const relatedTests = fc.oneof(
  testOf('shelf', equality, shelfIds),
  testOf('shelf', equality, none),
  testOf('shelf.label', equality, labels),
  testOf('shelf.ownerId', equality, fc.option(users)),
  testOf('shelf.room', equality, none),
  testOf('shelf.room.label', equality, labels),
  testOf('tags.label', 'in', several(labels)),
  testOf('tags.ownerId', equality, fc.option(users)),
  testOf('tags.room.label', equality, labels),
);
const callerTests = fc.oneof(
  testOf('ownerId', equality, fc.constant(caller)),
  testOf('members', 'has', fc.constant(caller)),
  testOf('shelf.ownerId', equality, fc.constant(caller)),
  testOf('tags.ownerId', equality, fc.constant(caller)),
);
const patterns = fc.constantFrom('%', 'a%', '%A', '%茶%', '_', '%%');
const likeTests = fc.oneof(
  testOf('word', 'like', patterns),
  testOf('extras.color', 'like', patterns),
  testOf('shelf.label', 'like', fc.constantFrom('%', 'X', 'y%')),
);

const ruleOver = (...tests: fc.Arbitrary<Test>[]) => {
  const where = fc.array(fc.oneof(...tests), { minLength: 1, maxLength: 3 }).map((drawn) => {
    const condition: Record<string, Record<string, unknown>> = {};
    for (const { path, operator, value } of drawn) {
      const operand = operator === 'near' ? circleOf(value) : value;
      condition[path] = { ...condition[path], [operator]: operand };
    }
    return condition;
  });
  return fc.letrec<{ rule: AnyRule }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<AnyRule>('public', 'user', 'admin', 'nobody'),
      where,
      where,
      fc.array(tie('rule'), { minLength: 1, maxLength: 3 }),
      fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
    ),
  })).rule;
};
export const thingRule = ruleOver(plainTests, deepTests, relatedTests, callerTests);
export const shelfRule = ruleOver(
  testOf('label', equality, labels),
  testOf('ownerId', equality, fc.constantFrom('u1', null, caller)),
  testOf('room.label', equality, labels),
);
export const roomRule = ruleOver(testOf('label', equality, labels));

export const filter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc
      .tuple(fc.oneof(plainTests, deepTests, relatedTests, likeTests), fc.boolean())
      .map(([test, wantsNot]) => ({ test, negated: wantsNot && /^[a-z]/.test(test.operator) })),
    tie('filter').map((not) => ({ not })),
    fc.record({
      join: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }),
    }),
  ),
})).filter;

function circleOf(value: unknown): { lat: number; lng: number; meters: number } {
  const { spot, meters } = value as { spot: GeoPoint; meters: number };
  return { ...spot, meters };
}

/** A filter as it goes over the wire. */
export function textOf(of: Filter): string {
  if ('not' in of) return `not (${textOf(of.not)})`;
  if ('join' in of) return `(${of.parts.map(textOf).join(` ${of.join} `)})`;
  const { path, operator, value } = of.test;
  return `${path} ${of.negated ? 'not ' : ''}${operator} ${literalOf(operator, value)}`;
}

function literalOf(operator: string, value: unknown): string {
  if (operator === 'near') return `(${Object.values(circleOf(value)).join(', ')})`;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `(${value.map((one) => JSON.stringify(one)).join(', ')})`;
}

// ---- what is true

/** Which records behind a relation count; all of them in a rule. */
export type Counts = (kind: Kind, record: AnyRecord) => boolean;
const ALL_COUNT: Counts = () => true;

interface Question {
  readonly world: World;
  readonly callerId: string | undefined;
  readonly counts: Counts;
}

export function passesFilter(world: World, of: Filter, record: Thing, counts: Counts): boolean {
  if ('not' in of) return !passesFilter(world, of.not, record, counts);
  if ('join' in of) {
    return of.join === 'and'
      ? of.parts.every((part) => passesFilter(world, part, record, counts))
      : of.parts.some((part) => passesFilter(world, part, record, counts));
  }
  const question = { world, callerId: undefined, counts };
  return passesTests(question, record, of.test.path.split('.'), [of.test], of.negated);
}

export function mayTouch(world: World, of: AnyRule, record: AnyRecord, who: Identity): boolean {
  if (of === 'nobody') return false;
  if (of === 'public') return true;
  if (of === 'user') return who.kind !== 'anonymous';
  if (of === 'admin') return who.kind === 'admin';
  if (Array.isArray(of)) return of.some((part) => mayTouch(world, part, record, who));
  if ('allOf' in of) return (of.allOf as AnyRule[]).every((part) => mayTouch(world, part, record, who));
  if (who.kind === 'admin') return true;
  const callerId = who.kind === 'user' ? who.userId : undefined;
  const entries = Object.entries(of as Record<string, Record<string, unknown>>).map(
    ([path, compared]) =>
      [path, Object.entries(compared).map(([operator, value]) => ({ path, operator, value }))] as const,
  );
  // Nobody owns nothing, whatever else is asked.
  const namesCaller = entries.some(([, tests]) => tests.some(({ value }) => value === caller));
  if (callerId === undefined && namesCaller) return false;
  const question = { world, callerId, counts: ALL_COUNT };
  return entries.every(([path, tests]) => passesTests(question, record, path.split('.'), tests, false));
}

/** One alternative has to let the whole change through. */
export function mayChange(world: World, of: AnyRule, before: Thing, after: Thing, who: Identity): boolean {
  if (Array.isArray(of)) return of.some((part) => mayChange(world, part, before, after, who));
  if (typeof of === 'object' && 'allOf' in of)
    return (of.allOf as AnyRule[]).every((part) => mayChange(world, part, before, after, who));
  return mayTouch(world, of, before, who) && mayTouch(world, of, after, who);
}

/** The collections that a filter looks into through relations. */
export function kindsBehind(of: Filter): readonly Kind[] {
  if ('not' in of) return kindsBehind(of.not);
  if ('join' in of) return of.parts.flatMap(kindsBehind);
  return of.test.path
    .split('.')
    .slice(0, -1)
    .flatMap((step) => RELATIONS[step] ?? []);
}

/** Whether a filter names a field of things. */
export function names(of: Filter, field: string): boolean {
  if ('not' in of) return names(of.not, field);
  return 'join' in of ? of.parts.some((part) => names(part, field)) : of.test.path.split('.')[0] === field;
}

/** Behind a relation, one record has to pass all of the tests. */
function passesTests(
  question: Question,
  record: AnyRecord,
  [head = '', ...rest]: readonly string[],
  tests: readonly Test[],
  negated: boolean,
): boolean {
  const value = (record as unknown as Record<string, unknown>)[head] ?? null;
  const kind = RELATIONS[head];
  if (kind !== undefined && rest.length > 0) {
    const ids = [value].flat();
    const behind: readonly AnyRecord[] = question.world[kind];
    return behind.some(
      (one) =>
        ids.includes(one.id) &&
        question.counts(kind, one) &&
        passesTests(question, one, rest, tests, negated),
    );
  }
  const inner = rest.reduce(
    (at: unknown, step) => (at as Record<string, unknown> | null)?.[step] ?? null,
    value,
  );
  return tests.every((test) => compares(inner, test, question.callerId)) !== negated;
}

function compares(value: unknown, { operator, value: wanted }: Test, callerId: string | undefined): boolean {
  const other = wanted === caller ? callerId : wanted;
  switch (operator) {
    case '=':
      return value === other;
    case '!=':
      return value !== other;
    case 'in':
      return (other as unknown[]).includes(value);
    case 'has':
      return value !== null && (value as unknown[]).includes(other);
    case 'near':
      return value !== null && isNear(value as GeoPoint, other as never);
    case 'like':
      return value !== null && regexOf(String(other)).test(String(value));
  }
  if (value === null) return false;
  const sign =
    typeof value === 'string'
      ? Buffer.compare(Buffer.from(value), Buffer.from(String(other)))
      : Number(value) - Number(other);
  return { '>': sign > 0, '>=': sign >= 0, '<': sign < 0, '<=': sign <= 0 }[operator] === true;
}

/** By the angle between two arrows from the middle of the Earth. */
function isNear(
  a: GeoPoint,
  circle: { spot: GeoPoint; meters: number } & GeoPoint & { meters: number },
): boolean {
  const b = circle.spot ?? circle;
  const arrow = ({ lat, lng }: GeoPoint) => {
    const [north, east] = [(lat * Math.PI) / 180, (lng * Math.PI) / 180];
    return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)] as const;
  };
  const [p, q] = [arrow(a), arrow(b)];
  const apart = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  return 2 * Math.asin(apart / 2) * 6_371_000 <= circle.meters;
}

function regexOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('%', '[^]*')}$`, 'i');
}
