/** What an answer can do without when the server is busy. */
export type OptionalWorkKind = 'expand' | 'count' | 'thumbnail';

/** Says, each time, whether there is room for optional work. What is left out is named in the answer (`shed`). */
export interface OptionalWork {
  allowed(kind: OptionalWorkKind): boolean;
}
