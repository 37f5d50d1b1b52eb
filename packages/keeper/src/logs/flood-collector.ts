import { Collector } from '@maque/guard';

/** Single collections of V8's heap. */
export type FloodCollector = Pick<Collector, 'minor' | 'major'>;

export function createFloodCollector(): FloodCollector {
  return new Collector();
}
