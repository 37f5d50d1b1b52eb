import { hash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** Shares of red, green and blue, 0 to 255. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

interface CodeDrawing {
  /** The same text gives the same picture. */
  readonly text: string;
  /** In pixels: the picture is a square. */
  readonly width: number;
  readonly color: Rgb;
  readonly transparent: boolean;
}

const CELLS = 24;
const SIGNATURE = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Draws a PNG of one or two kilobytes: cells in a pattern of the text's own. Nothing can scan it, for there is nobody to
 * open: it is a picture of the asked size and colour, to be stored and shown.
 */
export function drawCode({ text, width, color, transparent }: CodeDrawing): Buffer {
  const cells = Buffer.concat([hash('sha512', text, 'buffer'), hash('sha512', `${text}.`, 'buffer')]);
  const isDark = (x: number, y: number) => {
    const cell = y * CELLS + x;
    return (((cells[cell >> 3] ?? 0) >> (cell & 7)) & 1) === 1;
  };
  const rowBytes = Math.ceil(width / 8);
  const rows = Buffer.alloc((rowBytes + 1) * width);
  for (let y = 0; y < width; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!isDark(Math.floor((x * CELLS) / width), Math.floor((y * CELLS) / width))) continue;
      const at = y * (rowBytes + 1) + 1 + (x >> 3);
      rows[at] = (rows[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(width, 4);
  // One bit a pixel, which chooses from two colours.
  header.set([1, 3], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.of(255, 255, 255, Number(color.r), Number(color.g), Number(color.b))),
    ...(transparent ? [chunk('tRNS', Buffer.of(0))] : []),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, content: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
