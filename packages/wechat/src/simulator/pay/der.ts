/** The few kinds of DER (ITU-T X.690) that a certificate is made of. */
export const der = {
  sequence: (...parts: Uint8Array[]) => element(0x30, ...parts),
  set: (...parts: Uint8Array[]) => element(0x31, ...parts),
  /** @param hex a number that is not negative, in an even count of hexadecimal digits. */
  integer: (hex: string) => element(0x02, withoutSign(Buffer.from(hex, 'hex'))),
  objectId: (dotted: string) => element(0x06, objectIdBytes(dotted)),
  null: () => element(0x05),
  text: (value: string) => element(0x0c, Buffer.from(value, 'utf8')),
  /** Bits that fill whole bytes: the first byte says how many are left over. */
  bits: (value: Uint8Array) => element(0x03, Buffer.of(0), value),
  /** UTCTime, good until 2049 (RFC 5280, 4.1.2.5.1). */
  time: (epochMs: number) => element(0x17, Buffer.from(utcTime(epochMs), 'latin1')),
  /** An element that belongs to its parent by number, such as a certificate's version. */
  tagged: (number: number, ...parts: Uint8Array[]) => element(0xa0 + number, ...parts),
};

function element(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthBytes(content.length), content]);
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
}

/** Without zeros in front, but for the one that keeps a high first bit from meaning a negative number. */
function withoutSign(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first === -1) return Buffer.of(0);
  const digits = bytes.subarray(first);
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
}

function objectIdBytes(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return Buffer.from([first * 40 + second, ...rest.flatMap(base128)]);
}

/** Seven bits a byte; all but the last have the eighth set. */
function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    bytes.unshift((left % 128) + 128);
  }
  return bytes;
}

/** `YYMMDDHHMMSSZ` */
function utcTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(2, 19).replaceAll(/[-T:]/g, '')}Z`;
}
