import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DetectorSample } from '../../../packages/guard/src/detect/detector-sample.ts';
import { traceLines } from '../../../packages/guard/src/replay/trace-lines.ts';
import {
  readTraceLine,
  type TraceEntry,
  type TraceHeader,
} from '../../../packages/guard/src/replay/trace-reader.ts';
import type { LabelledTrace } from './labelled-trace.ts';

/** What `index.json` beside the recordings says of each. */
export interface RecordingLabel {
  readonly name: string;
  readonly file: string;
  readonly leaking: boolean;
  readonly leak_start_s: number | null;
  readonly exhaustion_t_s: number | null;
}

export interface RecordedSet {
  readonly horizonSeconds: number;
  readonly traces: readonly LabelledTrace[];
}

/**
 * Reads a folder of recordings with an `index.json`.
 * @throws the system's error when a file is missing.
 */
export async function readRecordedSet(folder: string): Promise<RecordedSet> {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as {
    horizon_s: number;
    traces: RecordingLabel[];
  };
  const traces: LabelledTrace[] = [];
  for (const label of index.traces) {
    const { leaking, leak_start_s: startSeconds, exhaustion_t_s: exhaustionSeconds } = label;
    const isKnown = leaking && startSeconds !== null && exhaustionSeconds !== null;
    traces.push({
      name: label.name,
      group: label.name,
      samples: await readSamples(join(folder, label.file)),
      leak: isKnown ? { startSeconds, exhaustionSeconds } : null,
    });
  }
  return { horizonSeconds: index.horizon_s, traces };
}

/** The samples of one recording. */
export async function readSamples(path: string): Promise<DetectorSample[]> {
  const samples: DetectorSample[] = [];
  let header: TraceHeader | null = null;
  for await (const line of traceLines(path)) {
    const entry: TraceEntry | null = line === null ? null : readTraceLine(line, header);
    if (entry?.kind === 'header') header = entry.header;
    if (entry?.kind === 'sample') samples.push(entry.sample);
  }
  return samples;
}
