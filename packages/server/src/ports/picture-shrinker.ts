import type { Bytes } from '@maque/kit';
import type { OpenFile } from './file-store.ts';

/** What pictures are made as: JPEG has no transparency, WebP has. */
export type ThumbnailType = 'image/jpeg' | 'image/webp';

export interface PictureRequest {
  /** Opens the picture when its turn has come. */
  readonly open: () => Promise<OpenFile>;
  /** That neither side of the result exceeds; a smaller picture stays as it is. */
  readonly pixels: number;
  readonly type: ThumbnailType;
}

/** Makes pictures smaller, one after the other, in a bounded memory that is not this process's. */
export interface PictureShrinker {
  /**
   * The smaller picture, turned as its camera was held and without what else the file says of its maker (EXIF); undefined
   * where the file is no picture, is damaged, or takes more memory or time than there is.
   * @throws CodedError OVERLOADED when too many wait; and whatever `open` throws.
   */
  shrink(request: PictureRequest): Promise<Uint8Array | undefined>;
  /** Ends what is still at work. */
  close(): void;
}

/** A larger file is not made smaller: a picture of 50 million pixels has some 20 MB as JPEG. */
export const MAX_PICTURE_BYTES: Bytes = 32 * 1024 * 1024;
