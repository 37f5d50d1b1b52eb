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

  it('starts the stack where the error was made', () => {
    expect(errors.STOCK_SHORT().stack?.split('\n')[1]).toContain('errors.test.ts');
  });
});
