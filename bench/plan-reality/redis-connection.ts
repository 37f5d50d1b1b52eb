import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Just enough of Redis's protocol: commands in, and answers of one line or one text out, in their order. */
export class RedisConnection {
  readonly #socket: Socket;
  readonly #waiting: ((answer: string) => void)[] = [];
  #rest = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#read(chunk));
    // Whoever waits is told by the timeout of the run.
    socket.on('error', () => {});
  }

  /** @throws Error when nobody listens. */
  static async open(port: number): Promise<RedisConnection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new RedisConnection(socket);
  }

  /** @throws Error with what Redis says against it. */
  async ask(words: readonly string[]): Promise<string> {
    const [answer] = await this.askAll([words]);
    return answer ?? '';
  }

  /** All in one write. @throws Error with the first refusal. */
  async askAll(commands: readonly (readonly string[])[]): Promise<readonly string[]> {
    const answers = commands.map(() => new Promise<string>((resolve) => this.#waiting.push(resolve)));
    this.#socket.write(commands.map(encode).join(''), 'latin1');
    const all = await Promise.all(answers);
    const refusal = all.find((answer) => answer.startsWith('-'));
    if (refusal !== undefined) throw new Error(`Redis: ${refusal}`);
    return all;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    const text = this.#rest + chunk;
    let start = 0;
    for (;;) {
      const end = endOfAnswer(text, start);
      if (end === undefined) break;
      this.#waiting.shift()?.(text.slice(start, end));
      start = end;
    }
    this.#rest = text.slice(start);
  }
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

function endOfAnswer(text: string, start: number): number | undefined {
  const line = text.indexOf('\r\n', start);
  if (line === -1) return undefined;
  if (text[start] !== '$') return line + 2;
  const length = Number(text.slice(start + 1, line));
  if (length < 0) return line + 2;
  const end = line + 2 + length + 2;
  return end > text.length ? undefined : end;
}
