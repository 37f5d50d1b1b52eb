import { execFile, spawn } from 'node:child_process';
import { type Milliseconds, SECOND } from '@maque/kit';

/** Why a message did not get through. */
export interface SendFault {
  readonly reason: string;
  /** There is no `systemd-notify` here: trying again changes nothing. */
  readonly isFinal: boolean;
}

// It waits 5 s for systemd to read the message, and then fails by itself.
const SEND_TIMEOUT_MS: Milliseconds = 10 * SECOND;

// From here on it stays until systemd has read the message (systemd-notify(1)).
const WAITS_SINCE = 246;

/**
 * An older one is gone before systemd asks who it was, and its message is dropped; distributions with 239 are many.
 * A process that has ended keeps its cgroup until somebody takes note of its end, which this sleep never does.
 */
const LINGER = 'systemd-notify "$@" & exec sleep 1';

/**
 * Sends to systemd with its own `systemd-notify`, for Node opens no unix datagram sockets. One message takes 5 ms and
 * 4 ms of processor (systemd 252, measured), which is 0.03 % of a core with a watchdog of 30 s. It comes from another
 * process than systemd started, so the unit needs `NotifyAccess=all`, unless it runs as root.
 */
export class NotifyCommand {
  readonly #env: NodeJS.ProcessEnv;
  #lingers: Promise<boolean> | undefined;

  constructor(notifySocket: string, env: NodeJS.ProcessEnv) {
    this.#env = { PATH: env.PATH, LC_ALL: 'C', NOTIFY_SOCKET: notifySocket };
  }

  /** Sends `NAME=value` lines as one message. Null when it got through; never rejects. */
  async send(variables: readonly string[]): Promise<SendFault | null> {
    this.#lingers ??= this.#isOld();
    return (await this.#lingers)
      ? this.#run('sh', ['-c', LINGER, 'sh', ...variables])
      : this.#run('systemd-notify', variables);
  }

  #isOld(): Promise<boolean> {
    return new Promise((resolve) => {
      const options = { env: this.#env, timeout: SEND_TIMEOUT_MS };
      const child = execFile('systemd-notify', ['--version'], options, (_, text) => {
        resolve(Number(/^systemd (\d+)/.exec(text)?.[1] ?? WAITS_SINCE) < WAITS_SINCE);
      });
      child.unref();
    });
  }

  #run(command: string, args: readonly string[]): Promise<SendFault | null> {
    return new Promise((resolve) => {
      const child = spawn(command, args, {
        env: this.#env,
        // What goes wrong it tells the journal itself.
        stdio: ['ignore', 'ignore', 'inherit'],
        timeout: SEND_TIMEOUT_MS,
        killSignal: 'SIGKILL',
      });
      // Nobody's end waits for a message.
      child.unref();
      child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
        resolve({ reason: code ?? message, isFinal: code === 'ENOENT' }),
      );
      child.once('exit', (code, signal) => {
        resolve(
          code === 0 ? null : { reason: `${command}: ${signal ?? `exit code ${code}`}`, isFinal: false },
        );
      });
    });
  }
}
