import { SECOND } from '@maque/kit';
import { createDetector } from '../../../packages/guard/src/detect/detector.ts';
import { DETECTOR_NUMBERS } from '../../../packages/guard/src/detect/detector-numbers.ts';
import { EVERY_SECONDS, type Listener, paced, type Said } from './labelled-trace.ts';

/** The guard's own detector: the highest probability of its pools. */
export function guardRule(
  horizonSeconds: number,
  everySeconds = EVERY_SECONDS,
  numbers = DETECTOR_NUMBERS,
): Listener {
  return ({ samples }) => {
    const detector = createDetector({ horizonMs: horizonSeconds * SECOND }, numbers);
    const said: Said[] = [];
    for (const { seconds, news } of paced(samples, everySeconds)) {
      for (const sample of news) detector.push(sample);
      const probability = Math.max(...detector.evaluate().map((pool) => pool.probability));
      said.push({ seconds, probability });
    }
    return said;
  };
}
