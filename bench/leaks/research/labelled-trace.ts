import type { DetectorSample } from '../../../packages/guard/src/detect/detector-sample.ts';

/** A process that was watched, and the truth about it. */
export interface LabelledTrace {
  readonly name: string;
  /** What is left out together when a detector must be judged by what it has not seen: a scenario, or a generated kind. */
  readonly group: string;
  readonly samples: readonly DetectorSample[];
  /** Null when nothing leaks. */
  readonly leak: Leak | null;
}

export interface Leak {
  readonly startSeconds: number;
  /** When the limit is reached if it goes on so. */
  readonly exhaustionSeconds: number;
}

/** What a detector says at one moment: how likely memory runs out within the horizon. */
export interface Said {
  readonly seconds: number;
  readonly probability: number;
}

/** Plays a trace to a detector that has not seen it. */
export type Listener = (trace: LabelledTrace) => readonly Said[];

export const EVERY_SECONDS = 5;

/** The samples at which a detector is asked: one each `everySeconds`, with what came since the last one. */
export function* paced(
  samples: readonly DetectorSample[],
  everySeconds = EVERY_SECONDS,
): Generator<{ readonly seconds: number; readonly news: readonly DetectorSample[] }> {
  let news: DetectorSample[] = [];
  let due = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    news.push(sample);
    const seconds = sample.atMs / 1000;
    if (seconds < due) continue;
    due = seconds + everySeconds;
    yield { seconds, news };
    news = [];
  }
}
