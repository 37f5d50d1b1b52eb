import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CodedError, MiB } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pushErrors, type ReceivedPush } from './index.ts';
import { ACCOUNT, arriving, PLAIN_ACCOUNT, push, SENT_EVENT, startReceiver, TEXT } from './push.fixture.ts';

const CASES = 100_000;

const SIGNED = { plain: 'signature', compatible: 'msg_signature', safe: 'msg_signature' } as const;

const sealed = startReceiver(ACCOUNT).receiver;
const plain = startReceiver(PLAIN_ACCOUNT).receiver;

/** What WeChat really sends, in all ways that it does. */
const TRUE_ONES = [TEXT, SENT_EVENT].flatMap((fields) =>
  (['safe', 'compatible', 'plain'] as const).flatMap((mode) =>
    (['json', 'xml'] as const).map((format) => {
      const account = mode === 'plain' ? PLAIN_ACCOUNT : ACCOUNT;
      const request = arriving(push(fields, { mode, format }));
      return {
        ...request,
        signature: SIGNED[mode],
        // A plain signature covers no message: it is worth nothing to others once WeChat's own has come.
        receiver: mode === 'plain' ? plain : sealed,
        message: (mode === 'plain' ? plain : startReceiver(account).receiver).read(request),
      };
    }),
  ),
);

const MARKS = [
  '<',
  '>',
  '&',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  '\\u',
  '\0',
  ' ',
  ']]>',
  '<![CDATA[',
  '</xml>',
  '9'.repeat(30),
];
const wordy = fc.stringMatching(/^[0-9A-Za-z+=-]{1,10}$/);
const piece = fc.oneof(fc.constantFrom(...MARKS), wordy, fc.string({ unit: 'binary', maxLength: 8 }));
const edit = fc.record({ at: fc.nat({ max: 2_000 }), cut: fc.nat({ max: 12 }), piece });
const swap = wordy.chain((word) =>
  fc.record({ at: fc.nat({ max: 2_000 }), cut: fc.constant(word.length), piece: fc.constant(word) }),
);
const hex = fc.stringMatching(/^[0-9a-f]{40}$/);
const digits = fc.stringMatching(/^\d{10}$/);

const trueOne = fc.constantFrom(...TRUE_ONES);
const fuzzed = fc.oneof(
  fc
    .record({ of: trueOne, edits: fc.array(fc.oneof(edit, swap), { minLength: 1, maxLength: 3 }) })
    .map(({ of, edits }) => ({
      of,
      query: of.query,
      body: Buffer.from(edits.reduce(edited, of.body.toString())),
    })),
  fc
    .record({
      of: trueOne,
      what: fc.nat({ max: 2 }),
      value: fc.oneof(hex, digits, piece, fc.constantFrom(undefined, null, 7, ['a'])),
    })
    .map(({ of, what, value }) => {
      const name = [of.signature, 'timestamp', 'nonce'][what] ?? 'nonce';
      return { of, query: { ...of.query, [name]: value }, body: of.body };
    }),
  fc
    .record({
      of: trueOne,
      start: fc.constantFrom('', '{"a":', '<xml>'),
      noise: fc.uint8Array({ maxLength: 100 }),
    })
    .map(({ of, start, noise }) => ({
      of,
      query: of.query,
      body: Buffer.concat([Buffer.from(start), noise]),
    })),
);

function edited(text: string, { at, cut, piece }: { at: number; cut: number; piece: string }): string {
  const from = at % text.length;
  return text.slice(0, from) + piece + text.slice(from + cut);
}

/** A refusal, or the message that was believed. @throws what is no refusal. */
function outcomeOf(act: () => ReceivedPush): string | ReceivedPush {
  try {
    return act();
  } catch (error) {
    if (error instanceof CodedError && Object.hasOwn(pushErrors, error.code)) return error.code;
    throw error;
  }
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

it('100,000 fuzzed pushes crash nothing, make nothing believed that WeChat did not say, and leave nothing behind', () => {
  const seen = new Map<string, number>();
  const before = heapBytes();
  fc.assert(
    fc.property(fuzzed, ({ of, query, body }) => {
      const outcome = outcomeOf(() => of.receiver.read({ query, body }));
      if (typeof outcome === 'string') {
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        return;
      }
      // A blank between two tokens changes nothing of what is said.
      const { delivery: _, ...message } = outcome;
      expect(of.message).toMatchObject(message);
    }),
    { numRuns: CASES },
  );
  expect(heapBytes() - before).toBeLessThan(4 * MiB);
  // Not all of it is stopped at the door.
  expect(seen.get('WECHAT_PUSH_SIGNATURE_WRONG')).toBeGreaterThan(CASES / 20);
  expect(seen.get('WECHAT_PUSH_REPLAYED')).toBeGreaterThan(CASES / 50);
}, 60_000);
