import { describe, expect, it } from 'vitest';
import { CodedError, defineErrors } from './errors.ts';

const errors = defineErrors({
  STOCK_SHORT: { status: 409, message: { en: 'Only {left} left', zh: '仅剩 {left} 件' } },
});

describe('defineErrors', () => {
  it('makes errors that carry code, status, data and prose in both languages', () => {
    const error = errors.STOCK_SHORT({ data: { left: 2 }, details: [{ path: 'items.0', issue: 'short' }] });
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ code: 'STOCK_SHORT', status: 409, message: 'Only 2 left' });
    expect(error.messageIn('zh-CN')).toBe('仅剩 2 件');
    expect(error.details).toEqual([{ path: 'items.0', issue: 'short' }]);
  });

  it('says details, and data that are texts, in the language of the reader', () => {
    const error = errors.STOCK_SHORT({
      data: { left: { en: 'no {thing}', zh: '无{thing}' }, thing: 'tea' },
      details: [
        { path: 'items.0', issue: { en: 'at most {max}', zh: '最多 {max}' }, data: { max: 3 } },
        { issue: 'short' },
      ],
    });
    expect(error.message).toBe('Only no tea left');
    expect(error.messageIn('zh-CN')).toBe('仅剩 无tea 件');
    expect(error.detailsIn('zh-CN')).toEqual([{ path: 'items.0', issue: '最多 3' }, { issue: 'short' }]);
    expect(error.details[0]).toEqual({ path: 'items.0', issue: 'at most 3' });
  });

  it('leaves a placeholder visible when its datum is missing', () => {
    expect(errors.STOCK_SHORT().message).toBe('Only {left} left');
  });

  it('keeps the cause without showing it', () => {
    const cause = new Error('SQL text');
    expect(errors.STOCK_SHORT({ cause }).cause).toBe(cause);
    expect(errors.STOCK_SHORT({ cause }).message).not.toContain('SQL');
  });

  it.each([
    ['camelCase', 400],
    ['TRAILING_', 400],
    ['FINE', 200],
    ['FINE', 400.5],
  ])('refuses code %s with status %d', (code, status) => {
    expect(() => defineErrors({ [code]: { status, message: { en: '', zh: '' } } })).toThrow(TypeError);
  });

  it('knows the errors of another copy of the package, and nothing else', async () => {
    const copy = (await import(`${import.meta.resolve('./errors.ts')}?copy`)) as typeof import('./errors.ts');
    const other = copy.defineErrors({ GONE: { status: 410, message: { en: '', zh: '' } } });
    expect(copy.CodedError).not.toBe(CodedError);
    expect(other.GONE()).toBeInstanceOf(CodedError);
    expect(new Error('plain')).not.toBeInstanceOf(CodedError);
    class Special extends CodedError {}
    expect(errors.STOCK_SHORT()).not.toBeInstanceOf(Special);
    expect(new Special('X', { status: 400, message: { en: '', zh: '' } })).toBeInstanceOf(CodedError);
  });

  it('starts the stack where the error was made', () => {
    expect(errors.STOCK_SHORT().stack?.split('\n')[1]).toContain('errors.test.ts');
  });
});

it('tells which part of a request an error is about, in every language', () => {
  const { TAKEN } = defineErrors({
    TAKEN: { status: 409, message: { en: '{name} is taken', zh: '{name} 已被占用' } },
  });
  const whole = TAKEN({ data: { name: 'tea' }, retryAfterSeconds: 1 }).under('operations.3');
  expect([whole.code, whole.status, whole.retryAfterSeconds]).toEqual(['TAKEN', 409, 1]);
  expect(whole.detailsIn('zh-CN')).toEqual([{ path: 'operations.3', issue: 'tea 已被占用' }]);
  const detailed = TAKEN({ details: [{ path: 'name', issue: 'is short' }, { issue: 'is odd' }] });
  expect(detailed.under('operations.3').details).toEqual([
    { path: 'operations.3.name', issue: 'is short' },
    { path: 'operations.3', issue: 'is odd' },
  ]);
});
