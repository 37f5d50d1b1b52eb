import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bytes, KiB, type Milliseconds, SECOND } from '@maque/kit';
import type { HelperAnswer, HelperRequest } from './helper-protocol.ts';

/** A helper that has been started and waits for its one request. */
export interface StackHelper {
  /** Resolves with its answer; null when it gives none. Never rejects. */
  ask(request: HelperRequest): Promise<HelperAnswer | null>;
  cancel(): void;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
}

// A stack of 10,000 frames comes as 10 MB of text; read, it takes four times that.
const HELPER_FLAGS = ['--max-old-space-size=96', '--max-semi-space-size=1'];

// 32 frames with the longest names and paths that are told are 14 KB.
const MAX_ANSWER: Bytes = 64 * KiB;

// What it may take beyond its own time limit: a start on a starved core.
const LAST_RESORT_MS: Milliseconds = 5 * SECOND;

/**
 * Starts the helper, which takes some 40 ms, so before it is needed. It gets nothing of this process's environment:
 * neither NODE_OPTIONS, which may load the app's own tools into it, nor anything secret.
 */
export function startStackHelper(): StackHelper {
  const child = spawn(process.execPath, [...HELPER_FLAGS, helperScript()], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
    timeout: LAST_RESORT_MS,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  const answer = Promise.withResolvers<HelperAnswer | null>();
  const ended = Promise.withResolvers<void>();
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end >= 0) answer.resolve(readAnswer(text.slice(0, end)));
    if (text.length > MAX_ANSWER) child.kill('SIGKILL');
  });
  const over = () => {
    answer.resolve(null);
    ended.resolve();
  };
  child.once('error', over);
  child.once('close', over);
  // A broken pipe is told by the end of the process.
  child.stdin.on('error', () => {});
  return {
    ask: (request) => {
      child.stdin.end(`${JSON.stringify(request)}\n`);
      return answer.promise;
    },
    cancel: () => void child.kill('SIGKILL'),
    ended: ended.promise,
  };
}

/** Null for what is no whole answer: a process that is killed may be in the middle of one. */
function readAnswer(line: string): HelperAnswer | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** It lies beside this file; in a bundle, beside the entries, and this file in a folder of chunks below them. */
function helperScript(): string {
  const name = `stack-helper${extname(import.meta.url)}`;
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../${name}`, import.meta.url));
}
