import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';

export interface QuestionStreams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** `all`: yes to this and to all that would be asked after it. */
export type Answer = 'yes' | 'no' | 'all';

/** Whether somebody is there who can answer. */
export function canAsk({ input }: QuestionStreams): boolean {
  return input.isTTY === true;
}

/** Anything but a yes is a no; so is the end of the input. */
export async function askWhether(question: string, { input, output }: QuestionStreams): Promise<Answer> {
  if (input.readableEnded) return 'no';
  const terminal = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N/a] `), closed]);
    if (/^\s*(?:a|all|全部)\s*$/i.test(answer)) return 'all';
    return /^\s*(?:y|yes|是|好)\s*$/i.test(answer) ? 'yes' : 'no';
  } finally {
    terminal.close();
  }
}
