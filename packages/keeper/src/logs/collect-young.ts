import { Collector } from '@maque/guard';

const collector = new Collector();

/** Collects the young generation, where buffers that were just read lie. */
export function collectYoung(): void {
  collector.minor();
}
