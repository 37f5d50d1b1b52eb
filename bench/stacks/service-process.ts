import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Milliseconds } from '@maque/kit';
import { serviceEnvironment } from './service-environment.ts';
import type { StackContext } from './stack.ts';

export interface ServiceOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A service that does not stop by itself is killed after this: MariaDB's shutdown after a load takes 2–4 s. */
const STOP_TIMEOUT_MS: Milliseconds = 15_000;
/** Lines of a failed service's output that are worth showing. */
const OUTPUT_TAIL_LINES = 15;

/** A process that a stack consists of; its output goes to a file in the stack's folder. */
export class ServiceProcess {
  readonly pid: number;
  /** Just before the process was made, on `performance.now()`'s clock. */
  readonly startedAt: Milliseconds;
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #output: string;

  private constructor(child: ChildProcess, startedAt: Milliseconds, output: string, options: ServiceOptions) {
    if (child.pid === undefined) throw new Error(`${options.command} has no process id`);
    this.#child = child;
    this.pid = child.pid;
    this.startedAt = startedAt;
    this.#output = output;
    this.#name = options.name;
  }

  /** Starts a service and registers its end. @throws Error when there is no such program. */
  static async start(context: StackContext, options: ServiceOptions): Promise<ServiceProcess> {
    const output = join(context.folder, `${options.name}.out`);
    const file = openSync(output, 'a');
    const [command, ...args] = [...(context.launcher ?? []), options.command, ...options.args];
    const startedAt = performance.now();
    const child = spawn(command ?? options.command, args, {
      cwd: context.folder,
      env: serviceEnvironment(options.env),
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    await once(child, 'spawn');
    const service = new ServiceProcess(child, startedAt, output, options);
    try {
      context.closing.push(options.name, () => service.stop());
    } catch (error) {
      await service.stop(); // everything is closing already: nobody else would
      throw error;
    }
    return service;
  }

  /** @throws Error with the end of its output when the service has ended. */
  assertRunning(): void {
    if (!this.#ended) return;
    const tail = readFileSync(this.#output, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-OUTPUT_TAIL_LINES)
      .join('\n');
    const how = this.#child.signalCode ?? `code ${this.#child.exitCode}`;
    throw new Error(`${this.#name} ended with ${how}:\n${tail}`);
  }

  /** Stops the service, by force when it takes too long; harmless when it has ended. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(force);
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
