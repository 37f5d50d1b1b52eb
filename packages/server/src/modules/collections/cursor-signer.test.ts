import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CursorSigner } from './cursor-signer.ts';

const signer = new CursorSigner(new Uint8Array(32).fill(1));
const refused = expect.objectContaining({ code: 'CURSOR_INVALID' });

describe('a cursor', () => {
  it('comes back as it was signed', () => {
    const position = [1.5, null, '茶', 0, 'b1'];
    expect(signer.open('books\n\n', signer.sign('books\n\n', position))).toEqual(position);
  });

  it('comes back with the longest texts that lists are ordered by', () => {
    const position = [...Array.from({ length: 4 }, () => '茶'.repeat(768)), 'b'.repeat(40)];
    expect(signer.open('books', signer.sign('books', position))).toEqual(position);
  });

  it('is refused when any byte of it was changed', () => {
    const cursor = signer.sign('list', [12, 'b1']);
    const change = fc.tuple(fc.nat(cursor.length - 1), fc.constantFrom(...'ABab01-_'));
    fc.assert(
      fc.property(change, ([at, letter]) => {
        const changed = cursor.slice(0, at) + letter + cursor.slice(at + 1);
        const isSame = Buffer.from(changed, 'base64url').equals(Buffer.from(cursor, 'base64url'));
        if (!isSame) expect(() => signer.open('list', changed)).toThrow(refused);
      }),
    );
  });

  it.each(['', 'x', 'A'.repeat(22), '!', "' or 1=1", 'A'.repeat(20_000)])(
    'is refused when it is %j',
    (cursor) => {
      expect(() => signer.open('list', cursor)).toThrow(refused);
    },
  );

  it('is refused for another list and from another server', () => {
    const cursor = signer.sign('list', ['b1']);
    expect(() => signer.open('list2', cursor)).toThrow(refused);
    expect(() => new CursorSigner(new Uint8Array(32).fill(2)).open('list', cursor)).toThrow(refused);
  });

  it('needs a key that nobody guesses', () => {
    expect(() => new CursorSigner(new Uint8Array(16))).toThrow(RangeError);
  });
});
