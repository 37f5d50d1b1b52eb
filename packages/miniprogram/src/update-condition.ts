/** When a record may be changed or removed. */
export interface UpdateCondition {
  /**
   * The `updatedAt` that it had when it was read: if somebody has changed it since, nothing is done and the call throws
   * `PRECONDITION_FAILED`.
   */
  readonly ifUnchangedSince?: string;
}

/** The tag of that version as the server writes it in `ETag`: its time in milliseconds, in base 36. */
export function versionOf({ ifUnchangedSince }: UpdateCondition = {}): string | undefined {
  return ifUnchangedSince === undefined ? undefined : `"${Date.parse(ifUnchangedSince).toString(36)}"`;
}
