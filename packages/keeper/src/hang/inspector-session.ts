interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

type EventListener = (parameters: unknown) => void;

/** One WebSocket session with an inspector. It lives in a process that ends with it, so nothing here is unlearned. */
export class InspectorSession {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, EventListener>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(String(data));
    socket.onclose = () => this.#fail();
  }

  /** @throws Error when nobody answers there. */
  static async open(url: string): Promise<InspectorSession> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error('the inspector does not answer'));
    });
    return new InspectorSession(socket);
  }

  /** Calls `listener` at each event of this kind; there is one listener a kind. */
  on(event: string, listener: EventListener): void {
    this.#listeners.set(event, listener);
  }

  /** @throws Error when the inspector refuses, or the session ends before it has answered. */
  call(method: string, parameters: object = {}): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params: parameters }));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.id === undefined) {
      this.#listeners.get(message.method ?? '')?.(message.params);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === undefined) pending?.resolve(message.result);
    else pending?.reject(new Error(message.error.message));
  }

  #fail(): void {
    for (const { reject } of this.#pending.values()) reject(new Error('the inspector has closed'));
    this.#pending.clear();
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}
