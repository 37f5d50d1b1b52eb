/** Reads the value of one member of the file's outermost object, as its bytes come in. */
export interface SectionParser {
  /** Whether the value has ended; nothing is read after that. */
  readonly isDone: boolean;
  /**
   * Reads from `from` to the end of the value or of the chunk, and returns where it stopped.
   * @param chunkAt - the place in the file of the chunk's first byte.
   */
  read(chunk: Uint8Array, from: number, chunkAt: number): number;
}

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const ARRAY_BEGIN = 0x5b;
export const BACKSLASH = 0x5c;
export const ARRAY_END = 0x5d;
export const OBJECT_BEGIN = 0x7b;
export const OBJECT_END = 0x7d;

/** JSON's white space. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
