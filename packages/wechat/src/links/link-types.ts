/** Which release of the mini-program opens. */
export type MiniProgramRelease = 'release' | 'trial' | 'develop';

export interface QrCodeRequest {
  /** What the page gets: 1 to 32 of digits, letters and ``!#$&'()*+,/:;=?@-._~``. */
  readonly scene: string;
  /** Without a slash in front and without a query; the home page unless told. */
  readonly page?: string;
  /** Refuse pages that the released version does not have. True unless told. */
  readonly checkPage?: boolean;
  readonly release?: MiniProgramRelease;
  /** 280 to 1,280 pixels; 430 unless told. */
  readonly width?: number;
  readonly transparent?: boolean;
  readonly color?: { readonly r: number; readonly g: number; readonly b: number };
}

/** A picture of 50 to 200 KB: put it into a file store, do not keep it in memory. */
export interface QrCode {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface LinkRequest {
  /** The page, without a query; the home page unless told. */
  readonly path?: string;
  /** At most 1,024 characters. */
  readonly query?: string;
  /** 1 to 30 days; 30 unless told. */
  readonly days?: number;
  readonly release?: MiniProgramRelease;
}
