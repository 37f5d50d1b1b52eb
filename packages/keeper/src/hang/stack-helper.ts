/**
 * The process that asks a blocked worker's inspector where it stands; see `helper-protocol.ts`. A process of its own,
 * because a WebSocket client, once loaded, would stay in the keeper's memory for ever: 17 MiB of RSS, 8 of them private (Node 26).
 */
import { writeFileSync } from 'node:fs';
import { CodePositions } from '@maque/guard/reporting';
import type { HelperAnswer, HelperRequest } from './helper-protocol.ts';
import { InspectorSession } from './inspector-session.ts';
import { lookAtStack } from './look-at-stack.ts';
import { isApp, readStack } from './read-stack.ts';
import { within } from './within.ts';

// The kernel's scale ends at 1,000: when memory runs out this goes before any worker.
const OOM_SCORE = '800';
const CLOSE_MS = 500;

// By way of the loop's poll: there it learns that it had been asked to open the inspector, and would do so again if it
// were closed by then (Node 24 and 26, tried). The timer wakes a loop that waits, which an immediate would not; and this
// process is gone by then, for whose end the closing would wait, with the loop blocked.
const CLOSE_EXPRESSION = `(() => {
  const { setImmediate, setTimeout } = process.getBuiltinModule('node:timers');
  const close = () => process.getBuiltinModule('node:inspector').close();
  setTimeout(() => setImmediate(close), 250);
})()`;

giveWay();
const request = JSON.parse(await readLine()) as HelperRequest;
setTimeout(() => process.exit(1), request.answerByMs - Date.now() + 3 * CLOSE_MS);
await answer(request);
process.exit();

async function answer({ url, task, folder, answerByMs }: HelperRequest): Promise<void> {
  const session = await InspectorSession.open(url);
  if (task === 'capture') {
    try {
      const look = await lookAtStack(session, isApp, answerByMs - Date.now());
      tell({ stack: look === null ? null : readStack(look, new CodePositions(folder)) });
    } finally {
      await closeInspector(session);
    }
  } else {
    await closeInspector(session);
  }
}

/** Asks the worker to close its inspector when it comes to its event loop again; until then it serves nobody anyway. */
async function closeInspector(session: InspectorSession): Promise<void> {
  // A pause that was asked for and has not come would come in this very expression.
  session.call('Debugger.setSkipAllPauses', { skip: true }).catch(() => {});
  await within(session.call('Runtime.evaluate', { expression: CLOSE_EXPRESSION }), CLOSE_MS);
  // Lets a thread that still stands still run on.
  await within(session.call('Debugger.disable'), CLOSE_MS);
  session.close();
}

function tell(told: HelperAnswer): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

async function readLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) return text;
  }
  // Whoever started it has changed its mind.
  process.exit();
}

function giveWay(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', OOM_SCORE);
  } catch {
    // Where there is no such file, or it may not be written, it is done without.
  }
}
