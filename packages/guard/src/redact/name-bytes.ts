const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;

const MOST_DIGITS = 7;

/** Whether a name is up to seven digits: the slot of a table. Phone numbers and times have more. */
export function isSlotNumber(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > MOST_DIGITS) return false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return false;
  }
  return true;
}

const LONGEST = 120;

// `utf16`, `windows-1252`, `iso8601`; what has five digits or more is a number of somebody's.
const LONGEST_NUMBER = 4;

/** Whether a number of so many digits says nothing of anybody. */
export function isShortNumber(from: number, to: number): boolean {
  return to - from <= LONGEST_NUMBER;
}

/** Whether a name may be a property that is kept: plain ASCII, not long, and without a number of five digits. */
export function mayBeProperty(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > LONGEST) return false;
  let digits = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte > 0x7e || byte === BACKSLASH) return false;
    digits = byte >= ZERO && byte <= NINE ? digits + 1 : 0;
    if (digits > LONGEST_NUMBER) return false;
  }
  return true;
}
