import { createInterface, type Interface } from 'node:readline';
import type { QuestionStreams } from '../changes/question.ts';

/** Questions and answers, one line each. An answer that was typed ahead of its question counts. */
export class Conversation implements Disposable {
  readonly #terminal: Interface;
  readonly #output: QuestionStreams['output'];
  readonly #lines: string[] = [];
  #wake: (() => void) | undefined;
  #isOver = false;

  constructor({ input, output }: QuestionStreams) {
    this.#output = output;
    this.#terminal = createInterface({ input, output });
    this.#terminal.on('line', (line) => {
      this.#lines.push(line);
      this.#wake?.();
    });
    this.#terminal.once('close', () => {
      this.#isOver = true;
      this.#wake?.();
    });
  }

  /** Undefined when whoever is asked has gone: Ctrl-C, Ctrl-D, or the terminal is closed. */
  async ask(question: string): Promise<string | undefined> {
    if (this.#lines.length > 0) this.#output.write(`${question}\n`);
    else if (!this.#isOver) {
      this.#terminal.setPrompt(question);
      this.#terminal.prompt();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#lines.shift()?.trim();
  }

  [Symbol.dispose](): void {
    this.#terminal.close();
  }
}
