import { GiB } from '@maque/kit';
import type { Watched } from './watched.ts';

/** A Prometheus that shares a box this small with what it watches takes half as many samples. */
const SMALL_BOX = 4 * GiB;
const SPARING_SECONDS = 30;
/** Scrapers come every 15 s by custom, and what is counted by the server is counted as often. */
const USUAL_SECONDS = 15;

/** Series of a keeper and the box, of each worker, and of each route in a worker: as counted on the example shop. */
const SERIES_ALL = 60;
const SERIES_WORKER = 150;
const SERIES_ROUTE = 16;
/** Routes that an app may have without being told. */
const ROUTES = 200;
/** node_exporter has about 750, exporters of databases up to 2000. */
const SERIES_EXPORTER = 5_000;

export function scrapeSeconds({ hasPrometheus, memoryBytes }: Watched): number {
  return hasPrometheus && memoryBytes <= SMALL_BOX ? SPARING_SECONDS : USUAL_SECONDS;
}

/** How many series a fetch may bring, and how that came about. */
export interface SampleLimit {
  readonly limit: number;
  readonly formula: string;
}

export function sampleLimitOf(workers: number): SampleLimit {
  const limit = SERIES_ALL + workers * (SERIES_WORKER + SERIES_ROUTE * ROUTES);
  return { limit, formula: `${SERIES_ALL} + ${workers} × (${SERIES_WORKER} + ${SERIES_ROUTE} × ${ROUTES})` };
}

export const exporterLimit: SampleLimit = { limit: SERIES_EXPORTER, formula: '' };
