import type { Text } from '@maque/kit';
import type { Meaning } from '../../meaning.ts';
import type { Watched } from '../prometheus/watched.ts';

/** A line that the values should stay on one side of, with where it comes from. */
export interface LimitLine {
  readonly value: number;
  readonly meaning: Meaning;
  readonly formula?: string;
  /** Trouble is beneath it. */
  readonly isFloor?: boolean;
}

export interface ChartQuery {
  readonly expr: string;
  /** `{{worker}}`, or words. */
  readonly legend: string | Text;
  /** Drawn as a dashed line that nothing is stacked on. */
  readonly isLimit?: boolean;
}

/** One chart, before it has a place. */
export interface Chart {
  readonly title: Text;
  /** What to read from it. */
  readonly about: Text;
  /** As Grafana calls it: `percentunit`, `bytes`, `s`, `reqps`, `bps`, `short`. */
  readonly unit: string;
  readonly queries: readonly ChartQuery[];
  readonly isStacked?: boolean;
  /** A single number in large letters. */
  readonly isStat?: boolean;
  readonly limit?: LimitLine;
}

export interface ChartRow {
  readonly title: Text;
  readonly charts: readonly Chart[];
}

/** Makes the rows of one matter, none where there is nothing to see. */
export type RowMaker = (watched: Watched) => readonly ChartRow[];

/** What every query about an app asks for: the apps that are chosen at the top of the dashboard. */
export const CHOSEN_APP = 'app=~"$app"';
