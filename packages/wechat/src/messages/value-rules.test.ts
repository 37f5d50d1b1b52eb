import { cpuMsOf } from '@maque/testkit/process/cpu-time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessageData, fitMessageData } from './message-data.ts';
import { checkValue, fitValue } from './value-rules.ts';

describe('the value of a key', () => {
  it.each([
    ['thing1', '微信气泡狗集线器*1,2026 款 🍌'],
    ['thing20', '一二三四五六七八九十一二三四五六七八九十'],
    ['number1', '12345678901234567890123456789012'],
    ['number1', '-3.14'],
    ['letter2', 'abcXYZ'],
    ['symbol3', '¥#%!。'],
    ['character_string4', 'NO.2026-11/20 #7'],
    ['time5', '15:01'],
    ['time5', '2019年10月1日 15:01'],
    ['time5', '2019-10-01 15:01:59~16:30'],
    ['time5', '2019年10月1日 15:01 ~ 2019年10月2日 15:01'],
    ['date6', '2019-10-01'],
    ['date6', '2019/10/01'],
    ['date6', '2019.10.01'],
    ['date6', '10月1日'],
    ['date6', '2019年10月1日 15:01'],
    ['date6', '2019年10月1日~2019年10月7日'],
    ['amount7', '¥9.90'],
    ['amount7', '¥100'],
    ['amount7', '1234567890.12元'],
    ['phone_number8', '+86-0766-66888866'],
    ['car_number9', '粤A8Z888挂'],
    ['name10', '张三'],
    ['name10', 'John Appleseed-Smith'],
    ['phrase11', '配送中'],
    ['enum_string12', '任意'],
    ['unheard_of1', 'a'.repeat(200)],
  ])('%s may be %s', (key, value) => expect(checkValue(key, value)).toBeNull());

  it.each([
    ['thing1', ''],
    ['thing1', '  '],
    ['thing1', '一二三四五六七八九十一二三四五六七八九十一'],
    ['thing1', 'two\nlines'],
    ['thing1', 'tab\tbed'],
    ['number1', '123456789012345678901234567890123'],
    ['number1', '12a'],
    ['number1', '1.2.3'],
    ['letter2', 'abc1'],
    ['letter2', '中文'],
    ['symbol3', '!!!!!!'],
    ['symbol3', 'a!'],
    ['character_string4', '订单1'],
    ['character_string4', 'a'.repeat(33)],
    ['time5', '2019年10月1日'],
    ['time5', '25:01'],
    ['time5', 'soon'],
    ['date6', '2019-10/01'],
    ['date6', '15:01'],
    ['amount7', '12345678901'],
    ['amount7', '9.90 USD'],
    ['amount7', '-1'],
    ['phone_number8', '123456789012345678'],
    ['phone_number8', 'call me'],
    ['car_number9', '粤A8Z888888'],
    ['name10', '一二三四五六七八九十一'],
    ['name10', '张 abcdefghijklmnopq'],
    ['name10', 'abcdefghijklmnopqrstu'],
    ['phrase11', '配送中1'],
    ['phrase11', '一二三四五六'],
    ['unheard_of1', 'a'.repeat(201)],
  ])('%s may not be %s', (key, value) =>
    expect(checkValue(key, value)).toMatchObject({
      en: expect.stringMatching(/[a-z]/),
      zh: expect.stringMatching(/[\u4e00-\u9fff]/),
    }),
  );

  it('is one of those that the template has, where it has some', () => {
    expect(checkValue('phrase1', '待付款', ['待付款', '已付款'])).toBeNull();
    expect(checkValue('phrase1', '付款', ['待付款', '已付款'])?.en).toBe(
      'is not one of the values of the template',
    );
  });

  it('is decided upon in no time, however it is made', () => {
    for (const key of ['time1', 'date1', 'amount1', 'number1', 'phone_number1']) {
      for (const text of [
        '1'.repeat(100_000),
        '1:'.repeat(50_000),
        '2019-10-01 '.repeat(9_000),
        '~'.repeat(100_000),
      ]) {
        expect(cpuMsOf(() => checkValue(key, text))).toBeLessThan(200);
      }
    }
  });
});

describe('the text of a thing', () => {
  it('that is too long ends in an ellipsis after 19 characters', () => {
    expect(fitValue('thing1', '一二三四五六七八九十一二三四五六七八九十一')).toBe(
      '一二三四五六七八九十一二三四五六七八九…',
    );
    expect(fitValue('thing1', '一二三四五六七八九十一二三四五六七八九十')).toHaveLength(20);
    expect(fitValue('thing1', ' two\r\n  lines ')).toBe('two lines');
  });

  it('is never cut within what people see as one character', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(fitValue('thing1', `${'a'.repeat(15)}${family}${'b'.repeat(9)}`)).toBe(`${'a'.repeat(15)}…`);
  });

  it('always fits, whatever it was, and other kinds are left as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (text) => {
        const fitted = fitValue('thing3', text);
        fc.pre(fitted !== '');
        expect(checkValue('thing3', fitted)).toBeNull();
        expect(fitValue('number3', text)).toBe(text);
      }),
    );
  });
});

describe('the data of a message', () => {
  const template = {
    id: 't1',
    title: 'Queue',
    kind: 'one-time',
    example: '',
    keys: [
      { key: 'number1', label: '排队号', values: null },
      { key: 'phrase2', label: '状态', values: ['等待', '到号'] },
    ],
  } as const;

  it('are right with every key of the template and no other', () => {
    expect(checkMessageData({ number1: '7', phrase2: '到号' }, template)).toEqual([]);
    expect(checkMessageData({ thing3: 'x', phrase2: '来了' }, template)).toMatchObject([
      { path: 'thing3', issue: { en: 'is no key of the template' } },
      { path: 'phrase2', issue: { en: 'is not one of the values of the template' } },
      { path: 'number1', issue: { en: 'is missing' } },
    ]);
  });

  it('are 1 to 20 keys', () => {
    expect(checkMessageData({})).toMatchObject([{ path: 'data' }]);
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`thing${index}`, 'x']));
    expect(checkMessageData(many)).toMatchObject([{ path: 'data' }]);
  });

  it('are text when they are sent', () => {
    expect(fitMessageData({ number1: 7, amount2: 9.9, thing3: 'a\nb' })).toEqual({
      number1: '7',
      amount2: '9.9',
      thing3: 'a b',
    });
  });
});
