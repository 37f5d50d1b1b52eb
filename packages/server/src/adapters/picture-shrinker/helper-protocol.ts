import type { Bytes } from '@maque/kit';
import type { ThumbnailType } from '../../ports/picture-shrinker.ts';

/** The header of what the helper is asked; the picture follows it. */
export interface ShrinkRequest {
  readonly pixels: number;
  readonly type: ThumbnailType;
}

/** The header of what it answers; the smaller picture follows it, nothing where there is none. */
export interface ShrinkAnswer {
  readonly isDone: boolean;
  /** Resident memory of the helper by now: it grows with what it has seen. */
  readonly rssBytes: Bytes;
}
