import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { type RedactionSummary, redactSnapshot } from '@maque/guard/redact';
import { type Bytes, formatBytes, KiB, SECOND, say, type Text } from '@maque/kit';
import type { ExitCode, Invocation, Surroundings } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { fileOutput, type SnapshotOutput, standardOutput } from './snapshot-output.ts';

const WORDS = {
  progress: { en: '… {read} read', zh: '… 已读取 {read}' },
  done: {
    en: '{read} with {nodes} objects → {out} ({written}): {replaced} strings replaced, {kept} names of code kept',
    zh: '{read}、{nodes} 个对象 → {out}（{written}）：替换了 {replaced} 个字符串，保留了 {kept} 个代码名称',
  },
} satisfies Record<string, Text>;

const STANDARD = '-';
const CHUNK: Bytes = 64 * KiB;

// A snapshot of 100 MiB takes about a second: nobody is told of less.
const PROGRESS_EVERY = 3 * SECOND;

/** `maque guard redact`: a copy of a heap snapshot that may be shown to others. */
export async function redactSnapshotFile(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [input, wanted],
    options,
    surroundings,
  } = invocation;
  if (input === undefined) {
    const usage = '<in.heapsnapshot> [<out.heapsnapshot>]';
    throw commandErrors.ARGUMENT_MISSING({ data: { name: 'guard redact', usage } });
  }
  const { terminal, language, cwd } = surroundings;
  const output = wanted ?? besides(input);
  const source = input === STANDARD ? process.stdin : chunksOf(resolve(cwd, input));
  const isPiped = output === STANDARD;
  const sink = isPiped
    ? standardOutput(process.stdout)
    : await fileOutput(resolve(cwd, output), options.force === true);
  const summary = await copy(source, sink, surroundings);
  if (summary === null) return 0;
  const text = options.json === true ? JSON.stringify(summary) : tell(summary, output, language);
  if (isPiped) terminal.error(text);
  else terminal.out(text);
  return 0;
}

/** Null when the reader of standard output went away (`| head`): then there is nothing to tell. */
async function copy(
  source: AsyncIterable<Uint8Array>,
  sink: SnapshotOutput,
  { terminal, language }: Surroundings,
): Promise<RedactionSummary | null> {
  let toldAtMs = performance.now();
  function onProgress(bytesRead: Bytes): void {
    if (performance.now() - toldAtMs < PROGRESS_EVERY) return;
    toldAtMs = performance.now();
    terminal.error(say(WORDS.progress, language, { read: formatBytes(bytesRead) }));
  }
  try {
    const summary = await redactSnapshot(source, sink.write, { onProgress });
    await sink.finish();
    return summary;
  } catch (error) {
    await sink.discard();
    if (terminal.isClosed()) return null;
    throw error;
  }
}

function tell(summary: RedactionSummary, output: string, language: Surroundings['language']): string {
  const { bytesRead, bytesWritten, nodes, strings } = summary;
  return say(WORDS.done, language, {
    read: formatBytes(bytesRead),
    written: formatBytes(bytesWritten),
    nodes,
    out: output,
    replaced: strings.replaced,
    kept: strings.kept + strings.shortened,
  });
}

/** `app.heapsnapshot` → `app.redacted.heapsnapshot`; what comes from standard input goes to standard output. */
function besides(input: string): string {
  if (input === STANDARD) return STANDARD;
  return `${input.replace(/\.heapsnapshot$/, '')}.redacted.heapsnapshot`;
}

/** A file in one buffer that is used again for each piece: a stream of buffers would leave 400 MiB of them behind. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    await using file = await open(path);
    const buffer = new Uint8Array(CHUNK);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error && typeof error.errno === 'number')) throw error;
    throw commandErrors.INPUT_UNREADABLE({
      data: { file: path, reason: getSystemErrorMessage(error.errno) },
    });
  }
}
