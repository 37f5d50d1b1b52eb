/** Bounds that both sides of the wire know. */
export const limits = {
  /** Items of one page. */
  pageDefault: 20,
  pageMax: 100,
  /** Of one page as its records are kept; wx.request takes 10 MB, of which expand may bring 8. One record is always there. */
  pageBytes: 4 * 1_024 * 1_024,
  /** Characters of a filter expression. */
  filterLength: 1_000,
  /** Conditions in one filter. */
  filterTerms: 20,
  /** Nesting of parentheses in one filter. */
  filterDepth: 8,
  /** Fields in one sort. */
  sortFields: 4,
  /** Paths in one expand, relations in each, and records that one relation may bring to a page. */
  expandPaths: 8,
  expandDepth: 2,
  expandRecords: 1_000,
  /** Characters of all that relations bring to one answer, each record as often as it comes: wx.request takes 10 MB. */
  expandLength: 8_000_000,
  /** What `total` counts up to. */
  countMax: 100_000,
  /** Characters of a search. */
  searchLength: 100,
  /** Characters of an admin's password: NIST SP 800-63B §5.1.1.2 asks for 8 when a person chooses it. */
  adminPasswordMinLength: 8,
  /** Operations in one batch. */
  batchOperations: 100,
  /** Characters of the answer to a batch: about what a request may bring. */
  batchLength: 1_000_000,
  /** Characters of an Idempotency-Key. */
  idempotencyKeyLength: 200,
  /** Nesting of a JSON body. */
  jsonDepth: 16,
} as const;
