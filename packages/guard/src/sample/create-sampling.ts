import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import { createBoxReader } from './box-memory.ts';
import { createFileReader } from './file-reader.ts';
import { GcFloor } from './gc-floor.ts';
import { HeldClock } from './held-clock.ts';
import { LoopDelay } from './loop-delay.ts';
import { createHandleReader } from './open-handles.ts';
import { ownOldSpaceLimit } from './process-facts.ts';
import { createProcessMemoryReader } from './process-memory.ts';
import { SampleTaker } from './sample-taker.ts';
import { Sampler, type SamplerOptions } from './sampler.ts';
import type { IntervalBounds } from './sampling-interval.ts';
import { createRepeatedSchedule } from './schedule.ts';
import type { WorkWatch } from './work-watch.ts';

export interface SamplingOptions {
  readonly clock: Clock;
  readonly bounds: IntervalBounds;
  readonly use: SamplerOptions['use'];
  readonly beginWork: WorkWatch;
  /** Told what a sample took, and what watching between them does. */
  readonly onSampleCost: (ms: Milliseconds) => void;
  readonly onOtherCost: (ms: Milliseconds) => void;
}

/** The samples of this process, and where they come from. */
export interface Sampling {
  readonly sampler: Sampler;
  readonly loop: LoopDelay;
  /** Ends the observers and closes the files; what takes samples is to be stopped before. */
  close(): void;
}

// A heap that fills by 10 MB a second has some seconds left from here on.
const FILLING_SHARE = 0.5;

/** Puts the readers of this process together. The first sample is the caller's to take. */
export function createSampling(options: SamplingOptions): Sampling {
  const { clock, bounds, use, beginWork, onSampleCost, onOtherCost } = options;
  const files = createFileReader();
  const held = new HeldClock(clock);
  const loop = new LoopDelay(onOtherCost);
  const heapLimit = ownOldSpaceLimit();
  const onMajor = (floor: Bytes) => (floor < FILLING_SHARE * heapLimit ? sampler.wake() : sampler.hurry());
  const gc = new GcFloor({ onMajor, onCost: onOtherCost });
  const readers = {
    memory: createProcessMemoryReader(files, held),
    gc: (loopLateMs: number | null) => gc.read(loopLateMs),
    loop: (timerLateMs: number | null) => loop.read(timerLateMs),
    box: createBoxReader(files, held),
    handles: createHandleReader(held),
  };
  const taker = new SampleTaker(readers, held, heapLimit);
  const sampler = new Sampler({
    clock,
    schedule: createRepeatedSchedule(),
    bounds,
    take: (timerLateMs) => {
      held.hold();
      return taker.take(timerLateMs);
    },
    use,
    beginWork,
    onCost: onSampleCost,
  });
  return {
    sampler,
    loop,
    close() {
      gc.stop();
      loop.stop();
      files.close();
    },
  };
}
