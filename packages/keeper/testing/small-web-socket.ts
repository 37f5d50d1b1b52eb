// The smallest WebSocket server and client there can be, of RFC 6455: the tests need to see frames, and no library.
import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Answers an upgrade with 101. */
export function accept(key: string | undefined, socket: Duplex): void {
  const proof = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${lines.join('\r\n')}\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`);
}

/** Writes one frame as the usual library does: header and payload apart, in one turn. */
export function send(socket: Duplex, opcode: number, payload: Uint8Array | string): void {
  const body = Buffer.from(payload);
  socket.cork();
  socket.write(header(opcode, body.length, 0));
  if (body.length > 0) socket.write(body);
  socket.uncork();
}

/** Answers a client's close frame with the same code, and ends: what every library does. */
export function answerClose(socket: Duplex): void {
  const reader = new FrameReader();
  socket.on('data', (chunk: Buffer) => {
    for (const { opcode, payload } of reader.read(chunk)) {
      if (opcode !== CLOSE) continue;
      send(socket, CLOSE, payload);
      socket.end();
    }
  });
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Bytes of a frame that has not come whole. */
  get leftOver(): number {
    return this.#rest.length;
  }

  read(chunk: Uint8Array): Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const bytes = this.#rest;
    if (bytes.length < 2) return undefined;
    const short = bytes.readUInt8(1) & 0x7f;
    const isMasked = bytes.readUInt8(1) >= 0x80;
    const begin = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (isMasked ? 4 : 0);
    if (bytes.length < begin) return undefined;
    const length =
      short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (bytes.length < begin + length) return undefined;
    const masked = bytes.subarray(begin, begin + length);
    const payload = isMasked
      ? masked.map((byte, at) => byte ^ bytes.readUInt8(begin - 4 + (at % 4)))
      : masked;
    this.#rest = bytes.subarray(begin + length);
    return { opcode: bytes.readUInt8(0) & 0x0f, payload: Buffer.from(payload) };
  }
}

/** What came of one connection, to the byte. */
export interface Conversation {
  readonly frames: readonly Frame[];
  readonly closeCode: number | null;
  /** Frames and bytes that came after the close frame: Chrome takes them for a fault. */
  readonly afterClose: number;
  readonly leftOver: number;
  /** How the TCP connection ended: with a FIN, or a reset. */
  readonly end: 'fin' | string;
}

/** A client that notes everything, and answers a close frame unless it is `deaf`. */
export class StrictClient {
  readonly socket: Socket;
  readonly opened: Promise<void>;
  readonly closed: Promise<Conversation>;
  readonly #frames: Frame[] = [];
  readonly #reader = new FrameReader();

  constructor(port: number, path = '/', isDeaf = false, socket = connect(port, '127.0.0.1')) {
    this.socket = socket;
    const opened = Promise.withResolvers<void>();
    this.opened = opened.promise;
    let head = '';
    const take = (chunk: Uint8Array) => {
      const frames = this.#reader.read(chunk);
      this.#frames.push(...frames);
      const close = frames.find(({ opcode }) => opcode === CLOSE);
      // Masked with zeros, which changes nothing.
      if (close !== undefined && !isDeaf) {
        socket.write(
          Buffer.concat([header(CLOSE, close.payload.length, 0x80), Buffer.alloc(4), close.payload]),
        );
      }
    };
    socket.on('data', (chunk: Buffer) => {
      if (head.includes('\r\n\r\n')) return take(chunk);
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      opened.resolve();
      take(Buffer.from(head.slice(end + 4), 'latin1'));
    });
    this.closed = new Promise((resolve) => {
      let end: string = 'fin';
      socket.on('error', (error: NodeJS.ErrnoException) => {
        end = error.code ?? error.message;
      });
      socket.on('close', () => resolve(this.#conversation(end)));
    });
    const key = Buffer.alloc(16).toString('base64');
    const lines = [`GET ${path} HTTP/1.1`, 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write(`${lines.join('\r\n')}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`);
  }

  #conversation(end: string): Conversation {
    const at = this.#frames.findIndex(({ opcode }) => opcode === CLOSE);
    const payload = this.#frames[at]?.payload;
    return {
      frames: this.#frames,
      closeCode: payload === undefined || payload.length < 2 ? null : payload.readUInt16BE(0),
      afterClose: at === -1 ? 0 : this.#frames.length - at - 1,
      leftOver: this.#reader.leftOver,
      end,
    };
  }
}

function header(opcode: number, length: number, mask: 0 | 0x80): Buffer {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.of(first, mask | length);
  if (length < 65_536) return Buffer.of(first, mask | 126, length >> 8, length & 0xff);
  const bytes = Buffer.alloc(10);
  bytes.writeUInt8(first, 0);
  bytes.writeUInt8(mask | 127, 1);
  bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes;
}
