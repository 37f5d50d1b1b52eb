import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { eventually } from './spawn-keeper.ts';

/** One message as systemd reads it. */
export interface Notification {
  readonly lines: readonly string[];
  /** Whether its sender could still be told to which unit it belongs. */
  readonly known: boolean;
}

export interface NotifyReceiver {
  readonly socketPath: string;
  readonly messages: readonly Notification[];
  /** All lines of all messages, in order. */
  lines(): readonly string[];
}

export interface ReceiverOptions {
  /** How long each message waits to be read. */
  readonly lingerMs?: number;
  readonly socketPath?: string;
}

/** A real datagram socket in systemd's place, for the test's time; Python's, for Node has none. */
export async function receiveNotifications({
  lingerMs = 0,
  socketPath,
}: ReceiverOptions = {}): Promise<NotifyReceiver> {
  const folder = mkdtempSync(join(tmpdir(), 'maque-notify-'));
  const path = socketPath ?? join(folder, 'notify.sock');
  const script = join(import.meta.dirname, 'notify-receiver.py');
  const child = spawn('python3', [script, path, String(lingerMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const messages: Notification[] = [];
  let isListening = false;
  createInterface(child.stdout).on('line', (line) => {
    const told = JSON.parse(line);
    if (told.listening === undefined) messages.push(told);
    else isListening = true;
  });
  await eventually('a socket in the place of systemd', () => isListening);
  return { socketPath: path, messages, lines: () => messages.flatMap(({ lines }) => lines) };
}
