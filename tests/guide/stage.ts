import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { spawnProcess, type TestProcess } from '@maque/testkit/process/spawn-process';
import { shopFolder } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect } from 'vitest';
import { type Block, codeOf, type Language, markOf, root } from './blocks.ts';
import { expectAnswer } from './expect-answer.ts';

const TOOLS = '.tools';
const RECORDINGS = 'bench/leaks/recordings';

/** In the place of 8080, 8081 and 8082. */
interface Ports {
  readonly server: number;
  readonly metrics: number;
  readonly other: number;
}

/** Where a chapter is played: a folder with the commands that a reader has, and what runs there. */
export class Stage implements AsyncDisposable {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #ports: Ports;
  readonly #undo: AsyncDisposableStack;
  #running: TestProcess | undefined;
  /** Whether it has no keeper, which tells when all serve and makes an orderly end of a signal. */
  #isAlone = false;
  #printed = () => '';

  static async open(language: Language): Promise<Stage> {
    await using undo = new AsyncDisposableStack();
    const { path } = undo.use(await tempFolder());
    // Here an app finds `maque` and its client as if they were installed.
    await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
    await writeFile(join(path, 'package.json'), '{ "private": true, "type": "module" }');
    await writeTools(join(path, TOOLS));
    // What the guide reads in a clone of the repository.
    await mkdir(join(path, 'bench/leaks'), { recursive: true });
    await symlink(join(root, RECORDINGS), join(path, RECORDINGS));
    const ports = { server: await freePort(), metrics: await freePort(), other: await freePort() };
    return new Stage(path, ports, language, undo.move());
  }

  private constructor(folder: string, ports: Ports, language: Language, undo: AsyncDisposableStack) {
    const tools = join(folder, TOOLS);
    this.#folder = folder;
    this.#ports = ports;
    this.#undo = undo;
    this.#env = {
      PATH: [tools, dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(':'),
      HOME: tools,
      MAQUE_LANG: language,
      NO_COLOR: '1',
      PORT: String(ports.server),
      MAQUE_METRICS_PORT: String(ports.metrics),
    };
  }

  /** Does what a block is marked for. @throws Error of an assertion, with the block's place. */
  async play(block: Block): Promise<void> {
    try {
      await this.#play(block);
    } catch (error) {
      throw new Error(`${block.at}: ${(error as Error).message}`, { cause: error });
    }
  }

  async #play(block: Block): Promise<void> {
    const file = markOf(block, 'file');
    const source = markOf(block, 'source');
    if (file !== undefined) await this.#write(file, block.text);
    else if (source !== undefined) await expectExcerpt(block, source);
    else if (/^start\b/.test(block.marks)) await this.#start(block);
    else if (/^run\b/.test(block.marks)) await this.#run(block);
    else if (/^answer\b/.test(block.marks)) await this.#compare(block, () => this.#printed());
    else if (/^screen\b/.test(block.marks)) await this.#compare(block, () => this.#screen());
  }

  async #write(name: string, text: string): Promise<void> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  async #start({ text, marks }: Block): Promise<void> {
    await this.#stop();
    const child = this.#undo.use(await this.#spawn(text));
    this.#running = child;
    this.#isAlone = marks === 'start alone';
    this.#printed = () => this.#screen();
    const serves = async () => child.ended() || (await this.#allServe());
    await waitUntil('all workers to serve', serves, 20_000);
    expect(child.ended(), this.#printed()).toBe(false);
  }

  async #allServe(): Promise<boolean> {
    await fetch(`http://127.0.0.1:${this.#ports.server}`);
    if (this.#isAlone) return true;
    const metrics = await fetch(`http://127.0.0.1:${this.#ports.metrics}/metrics`);
    return /workers\{state="starting"\} 0$/m.test(await metrics.text());
  }

  async #stop(): Promise<void> {
    if (this.#running === undefined) return;
    this.#running.signalGroup('SIGINT');
    const exit = await this.#running.exit();
    if (!this.#isAlone) expect(exit).toMatchObject({ code: 0 });
  }

  async #run(block: Block): Promise<void> {
    const keep = `trap '{ export -p; declare -f; } > ${TOOLS}/variables' EXIT`;
    await using child = await this.#spawn(`exec 2>&1; ${keep}\n${block.text}`);
    const { code } = await child.exit(20_000);
    const printed = this.#asShown(child.stdout());
    this.#printed = () => printed;
    expect(code, printed).toBe(Number(markOf(block, 'exit') ?? 0));
  }

  /** What the program that goes on has printed until now. */
  #screen(): string {
    return this.#asShown(`${this.#running?.stdout()}${this.#running?.stderr()}`);
  }

  /** What goes on may still be about to print it. */
  async #compare(block: Block, printed: () => string): Promise<void> {
    const holds = () => {
      expectAnswer(block, printed());
      return true;
    };
    await waitUntil(block.at, holds, 5_000).catch(({ cause }) => {
      throw cause;
    });
  }

  #spawn(script: string): Promise<TestProcess> {
    const ports = this.#shownPorts();
    const real = script.replace(/\b808[0-2]\b/g, (shown) => ports[shown] ?? shown);
    const whole = `set -ae; . ${TOOLS}/variables\n${real}`;
    return spawnProcess('/bin/bash', ['-c', whole], { cwd: this.#folder, env: this.#env });
  }

  #asShown(text: string): string {
    const ports = Object.entries(this.#shownPorts());
    return ports.reduce((shown, [there, here]) => shown.replaceAll(`:${here}`, `:${there}`), text);
  }

  /** What stands for the ports that the guide names. */
  #shownPorts(): Record<string, string> {
    const simulator = /(?:SIMULATOR at|模拟器) http:\S+?:(\d+)/.exec(this.#running?.stdout() ?? '')?.[1];
    const { server, metrics, other } = this.#ports;
    return { 8080: String(server), 8081: String(metrics), 8082: simulator ?? String(other) };
  }

  /** Compiles the files as they are now. @throws Error of the assertion, with what the compiler says. */
  async checkTypes(): Promise<void> {
    const compilerOptions = {
      ...{
        strict: true,
        noEmit: true,
        target: 'es2024',
        module: 'nodenext',
        types: ['node'],
        skipLibCheck: true,
      },
      ...{ allowImportingTsExtensions: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true },
    };
    const project = { compilerOptions, include: ['../**/*.ts'], exclude: ['../dist', '../node_modules'] };
    await this.#write(`${TOOLS}/tsconfig.json`, JSON.stringify(project));
    await using compiler = await this.#spawn(`tsc -p ${TOOLS}`);
    const { code } = await compiler.exit(30_000);
    // A chapter without code has "no inputs".
    expect(code === 0 || compiler.stdout().includes('TS18003'), compiler.stdout()).toBe(true);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#undo.disposeAsync();
  }
}

/** Commands as a reader calls them, and curl without its progress bar. */
async function writeTools(folder: string): Promise<void> {
  const maque = `exec '${process.execPath}' '${join(root, 'packages/maque/bin/maque.js')}'`;
  const shop = `start '${shopFolder}' --data-dir "$PWD/shop/data"`;
  const tools = {
    maque: `${maque} "$@"`,
    npx: 'exec "$@"',
    npm: `shift; [ "$1" != -- ] || shift; ${maque} ${shop} "$@"`,
  };
  await mkdir(folder);
  for (const [name, script] of Object.entries(tools)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  await writeFile(join(folder, '.curlrc'), 'silent\nshow-error\n');
  await writeFile(join(folder, 'variables'), '');
}

async function expectExcerpt({ language, text }: Block, source: string): Promise<void> {
  const whole = await readFile(join(root, source), 'utf8');
  expect(codeOf({ language, text: whole })).toContain(codeOf({ language, text }));
}
