import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { addressOf } from '../load/crowd.ts';

const AT_ONCE = 16;
/** Far from the addresses of those who shop. */
const FIRST_PHONE = 1_000;

/** Connections that have asked once and say nothing more: phones whose users look at the page. */
export class IdlePhones {
  readonly #sockets: TLSSocket[] = [];

  static async open(port: number, servername: string, count: number): Promise<IdlePhones> {
    const phones = new IdlePhones();
    for (let start = 0; start < count; start += AT_ONCE) {
      const more = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, index) => start + index);
      await Promise.all(more.map((phone) => phones.#call(port, servername, FIRST_PHONE + phone)));
    }
    return phones;
  }

  /** How many of them are still connected. */
  get open(): number {
    return this.#sockets.filter((socket) => !socket.closed).length;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #call(port: number, servername: string, phone: number): Promise<void> {
    const to = { host: '127.0.0.1', port, servername, localAddress: addressOf(phone) };
    const socket = connect({ ...to, rejectUnauthorized: false });
    this.#sockets.push(socket);
    await once(socket, 'secureConnect');
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${servername}\r\n\r\n`);
    await once(socket, 'data');
    // Whoever is cut off later is seen by the count of those that are open.
    socket.on('error', () => {});
    socket.resume();
  }
}
