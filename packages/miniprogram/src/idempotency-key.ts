const WORD_LENGTH = 8;

/**
 * A key under which the server does something once, however often it is sent: 82 bits of chance, and keys of different
 * users never meet. Not a secret, so it needs no better source than mini-programs have.
 * @param random 0 to below 1.
 */
export function newIdempotencyKey(random: () => number = Math.random): string {
  const word = () =>
    Math.floor(random() * 36 ** WORD_LENGTH)
      .toString(36)
      .padStart(WORD_LENGTH, '0');
  return word() + word();
}
