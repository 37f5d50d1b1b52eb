import type { TextData } from '@maque/kit';
import type { SnapshotComparison } from './compare-snapshots.ts';

/** What the helper is asked for, as its first argument. */
export type HelperRequest =
  | { readonly task: 'write'; readonly redact: boolean; readonly maxBytes: number }
  | { readonly task: 'compare'; readonly before: string; readonly after: string };

/** What it answers to `write`: counts of what it read, bytes of what it wrote. */
export interface WrittenSnapshot {
  readonly nodes: number;
  readonly edges: number;
  readonly bytes: number;
}

/** Lines of JSON on its standard output: `ready` once, then one of the others. */
export type HelperAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'written'; readonly written: WrittenSnapshot }
  | { readonly kind: 'compared'; readonly comparison: SnapshotComparison }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly data: TextData };

/** Where the helper finds the file that it writes to. */
export const OUTPUT_DESCRIPTOR = 3;
