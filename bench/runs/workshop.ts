import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClosingStack, type Milliseconds } from '@maque/kit';
import { copyNode } from '../measure/private-node.ts';
import type { RunningStack, Stack, StackContext } from '../stacks/stack.ts';

/** What a start may do otherwise: another binary, or a command before each service's own. */
export type StartOptions = Partial<Pick<StackContext, 'node' | 'launcher'>>;

/** More than any service takes to stop by force. */
const CLOSE_TIMEOUT_MS: Milliseconds = 20_000;

/** The temporary folder of one benchmark: the Node binary that the stacks share, and a folder for each start. */
export class Workshop {
  readonly node: string;
  readonly #folder: string;
  readonly #open = new Set<ClosingStack>();
  #starts = 0;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'maque-bench-'));
    this.node = copyNode(this.#folder);
  }

  /** A new empty folder. */
  folder(name: string): string {
    this.#starts += 1;
    const folder = join(this.#folder, `${this.#starts}-${name}`);
    mkdirSync(folder);
    return folder;
  }

  /** Starts a stack on fresh data, lets `work` use it and ends it, whatever happens. */
  async withStack<Running extends RunningStack, Result>(
    stack: Stack<Running>,
    work: (running: Running) => Promise<Result>,
    options: StartOptions = {},
  ): Promise<Result> {
    return await this.withClosing(async (closing) => {
      const folder = this.folder(stack.name);
      return await work(await stack.start({ folder, node: this.node, closing, ...options }));
    });
  }

  /** Runs work with a stack of things to close, which are closed when it ends or the benchmark is interrupted. */
  async withClosing<Result>(work: (closing: ClosingStack) => Promise<Result>): Promise<Result> {
    const closing = new ClosingStack(CLOSE_TIMEOUT_MS);
    this.#open.add(closing);
    try {
      return await work(closing);
    } finally {
      this.#open.delete(closing);
      await closeAndTell(closing);
    }
  }

  /** Ends everything that still runs and removes the folder. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map(closeAndTell));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function closeAndTell(closing: ClosingStack): Promise<void> {
  for (const { name, error } of await closing.close()) {
    process.stderr.write(
      `could not end ${name}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}
