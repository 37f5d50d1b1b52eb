import { request } from 'node:http';
import type { SystemStatus } from '@maque/contract';
import type { Bytes, Clock, Milliseconds } from '@maque/kit';

/** The keeper answers from memory within a millisecond; one that takes a second has other worries. */
const TIMEOUT_MS: Milliseconds = 1_000;
/** A keeper with 16 workers answers 10 KB. */
const MAX_ANSWER_BYTES: Bytes = 256 * 1024;
/** The console asks every second, in each tab of each admin; one answer serves them all. */
const KEEP_MS: Milliseconds = 500;

/** Reads the state of the whole system from the keeper's control socket; several askers at once share one answer. */
export class KeeperStatus {
  readonly #socketPath: string;
  readonly #clock: Clock;
  #answer: Promise<SystemStatus> | undefined;
  #askedAtMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(socketPath: string, clock: Clock) {
    this.#socketPath = socketPath;
    this.#clock = clock;
  }

  /** @throws Error when the keeper does not answer in time, or not with a state. */
  read(): Promise<SystemStatus> {
    const nowMs = this.#clock.monotonic();
    if (this.#answer === undefined || nowMs - this.#askedAtMs >= KEEP_MS) {
      this.#askedAtMs = nowMs;
      this.#answer = fetchState(this.#socketPath);
    }
    return this.#answer;
  }
}

async function fetchState(socketPath: string): Promise<SystemStatus> {
  const state: unknown = JSON.parse(await getText(socketPath, '/state'));
  if (!isSystemStatus(state)) throw new Error('the keeper answers with something else than a state');
  return state;
}

function isSystemStatus(state: unknown): state is SystemStatus {
  return (
    typeof state === 'object' && state !== null && 'processes' in state && Array.isArray(state.processes)
  );
}

function getText(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const call = request({ socketPath, path, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER_BYTES) call.destroy(new Error('the keeper answers too much'));
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`the keeper answers with status ${response.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end();
  });
}
