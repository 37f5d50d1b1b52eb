/** Where a text or a picture will be seen; WeChat is stricter in some places than in others. */
export type ContentScene = 'profile' | 'comment' | 'forum' | 'social-log';

export interface TextCheckRequest {
  /** Who wrote it; must have used the mini-program within two hours. */
  readonly openid: string;
  /** 1 to 2,500 characters. */
  readonly content: string;
  readonly scene: ContentScene;
  readonly title?: string;
  readonly nickname?: string;
  /** Only for the scene `profile`. */
  readonly signature?: string;
}

/** What may be done with a text: shown, looked at by a person first, or not shown. */
export interface TextVerdict {
  readonly suggest: 'pass' | 'review' | 'risky';
  /** WeChat's number of the kind: 100 is normal. */
  readonly label: number;
  /** Names the check when asking WeChat about it. */
  readonly traceId: string;
  /** Words that were found. */
  readonly keywords: readonly string[];
}

export interface MediaCheckRequest {
  readonly openid: string;
  /** Can be downloaded from outside for half an hour: at most 10 MB. */
  readonly url: string;
  readonly kind: 'image' | 'audio';
  readonly scene: ContentScene;
}
