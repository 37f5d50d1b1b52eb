import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainName } from './plain-name.ts';
import { Use } from './string-uses.ts';

describe('a property', () => {
  it.each([
    'phone',
    'ordersByPhone',
    'ERR_INVALID_ARG_TYPE',
    'created_at',
    'x-request-id',
    '#sessionKey',
    '__proto__',
    'get byteLength',
    '<symbol kHandle>',
    '<symbol nodejs.util.inspect.custom>',
    'utf16',
    'id',
    '42',
    '',
  ])('stays when it is made of common words: %s', (name) => {
    expect(plainName(name, Use.property, false)).toBe(name);
  });

  it.each(['dingdanLiebiao', 'yonghu', 'qzx', '_pvt', 'set xingming'])(
    'stays when code says it, whatever language it is in: %s',
    (name) => {
      expect(plainName(name, Use.property, true)).toBe(name);
      expect(plainName(name, Use.property, false)).toBeNull();
    },
  );

  it.each([
    '13800138000',
    '138-0013-8000',
    'phone:13800138000',
    'user_13800138000',
    'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    'HyVFkGl5F5OQWJZZaNzBBg==',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    '507f1f77bcf86cd799439011',
    '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    '张三',
    'get 张三',
    '<symbol 13800138000>',
    '110101199003070011',
    '{"phone":"13800138000"}',
    'zhang.san@example.com',
    'a'.repeat(200),
  ])('goes when it looks like data, even if code says it: %s', (name) => {
    expect(plainName(name, Use.property, true)).toBeNull();
    expect(plainName(name, Use.property | Use.variable | Use.object, false)).toBeNull();
  });

  it('goes when it is a random token', () => {
    const token = (alphabet: string, minLength: number) =>
      fc.array(fc.constantFrom(...alphabet), { minLength, maxLength: 64 }).map((letters) => letters.join(''));
    const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    fc.assert(
      fc.property(token(base64url, 20), (name) => plainName(name, Use.property, false) === null),
      { numRuns: 3_000, seed: 1 },
    );
    fc.assert(
      fc.property(token('0123456789', 5), (name) => plainName(name, Use.property, true) === null),
      { numRuns: 500 },
    );
  });

  it('never stays with a letter that is not ASCII, whatever else is around it', () => {
    const uses = fc.integer({ min: 0, max: 63 });
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('张', 'é', '\ud83d', '\u2028'),
        fc.string(),
        uses,
        (a, letter, b, use) => {
          expect(plainName(a + letter + b, use, true) ?? '').not.toContain(letter);
        },
      ),
    );
  });
});

describe('a class', () => {
  it('stays when it is a function too, a word, or one of V8 itself', () => {
    expect(plainName('Dingdan', Use.object | Use.code, false)).toBe('Dingdan');
    for (const name of [
      'OrderBook',
      'Map Iterator',
      'global (global*)',
      'Intl.NumberFormat',
      'system / Context',
    ]) {
      expect(plainName(name, Use.object, false)).toBe(name);
    }
  });

  it('goes when only a tag says it', () => {
    expect(plainName('zhangsan', Use.object, false)).toBeNull();
  });
});

describe('a name of code', () => {
  it.each([
    'revealToken',
    'get [Symbol.species]',
    '#translate',
    'Client.<computed>',
    '(constant pool)',
    '(instruction stream for lib/llhttp/constants.js)',
    '(code for readFile)',
    'node:internal/fs/promises',
    'file:///srv/app/dist/main.js',
    '/srv/app/dist/main.8f3a9c2e1b7d.js',
    'evalmachine.<anonymous>',
    'system / ScopeInfo',
  ])('stays: %s', (name) => {
    expect(plainName(name, Use.code, false)).toBe(name);
  });

  it.each([
    ['/home/zhangsan/shop/app.js', '/home/<hidden>/shop/app.js'],
    ['file:///Users/ann/app.js?token=abc', 'file:///Users/<hidden>/app.js?<hidden>'],
    ['C:\\Users\\ann\\app.js', 'C:\\Users\\<hidden>\\app.js'],
    ['data:text/javascript,export const phone = 13800138000', 'data:<hidden>'],
    ['https://ann:secret@host/app.js#frag', 'https://<hidden>/app.js?<hidden>'],
    ['/srv/13800138000/app.js', '/srv/<hidden>/app.js'],
    ['/srv/app.13800138000.js', '/srv/<hidden>'],
    ['data:zhangsan', 'data:<hidden>'],
    ['/srv/项目/app.js', '/srv/<hidden>/app.js'],
    ['(instruction stream for /home/ann/app.js)', '(instruction stream for /home/<hidden>/app.js)'],
  ])('is shortened: %s', (name, plain) => {
    expect(plainName(name, Use.code, false)).toBe(plain);
  });
});

describe('an internal name', () => {
  it('stays', () => {
    for (const name of [
      'name_or_scope_info',
      'Node / std::basic_string',
      'C++ Persistent roots',
      '(GC roots)',
    ]) {
      expect(plainName(name, Use.internal, false)).toBe(name);
    }
  });

  it('keeps the form of a pair of a WeakMap, which tools read, without what it quotes', () => {
    const pair = (key: string, value: string) =>
      `7 / part of key (${key} @151895) -> value (${value} @151897) pair in WeakMap (table @99)`;
    expect(plainName(pair('Customer', '13800138000'), Use.internal, false)).toBe(
      pair('Customer', '<hidden>'),
    );
    expect(plainName(pair('张三', 'system / Context'), Use.internal, false)).toBe(
      pair('<hidden>', 'system / Context'),
    );
    expect(plainName(pair('a', 'b @1) -> value (13800138000'), Use.internal, false)).not.toContain(
      '13800138000',
    );
  });
});

it('a name that is made to keep a regular expression busy goes at once', () => {
  const name = `1 / part of key (${' @1) -> value ('.repeat(150)}`;
  expect(plainName(name, Use.internal, true)).toBeNull();
  expect(plainName(name.repeat(5), 63, true)).toBeNull();
});

it('what is only data never stays, whatever it says', () => {
  expect(plainName('phone', Use.data, false)).toBeNull();
});
