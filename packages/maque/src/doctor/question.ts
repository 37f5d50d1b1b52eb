import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';

export interface QuestionStreams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** Whether somebody is there who can answer. */
export function canAsk({ input }: QuestionStreams): boolean {
  return input.isTTY === true;
}

/** Anything but a yes is a no; so is the end of the input. */
export async function askYesOrNo(question: string, { input, output }: QuestionStreams): Promise<boolean> {
  if (input.readableEnded) return false;
  const terminal = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^\s*(?:y|yes|是|好)\s*$/i.test(answer);
  } finally {
    terminal.close();
  }
}
