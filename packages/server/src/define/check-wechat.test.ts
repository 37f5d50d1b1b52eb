import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../testing/definition-problems.ts';
import { defineApp } from './app.ts';
import { collection } from './collection.ts';
import { field } from './field-vocabulary.ts';

const notes = () => collection({ fields: { title: field.text({ maxLength: 40 }) } });

describe('handlers of WeChat', () => {
  it('have names that are called: with another, money would come in and nobody be told', () => {
    const wechat = { onPayed: async () => {}, onPush: 'later', onPaid: async () => {} } as never;
    const define = () => defineApp({ collections: { notes: notes() }, wechat });
    expect(problemsOf(define)).toEqual(['HANDLER_UNKNOWN wechat.onPayed', 'HANDLER_INVALID wechat.onPush']);
    expect(define).toThrow(
      /wechat\.onPayed: there is no such handler \(onPaid\?\); there are onPaid, onClosed/,
    );
  });

  it('are none unless declared', () => {
    expect(defineApp({ collections: { notes: notes() } }).wechat).toEqual({});
  });
});
