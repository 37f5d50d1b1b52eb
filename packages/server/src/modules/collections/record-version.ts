/** The tag of a record's version: it changes with every write of the record, whoever reads it. */
export function versionTag(record: Readonly<Record<string, unknown>>): string {
  return `"${Date.parse(record.updatedAt as string).toString(36)}"`;
}

/**
 * Whether a write that was made for certain versions is meant for this one: `*`, or a list with its tag. A tag with `W/`
 * counts too, though RFC 9110 §13.1.1 has it otherwise: nginx puts that before the tags of what it compresses, and ours
 * name versions of records, not bytes.
 */
export function isMeantFor(ifMatch: string, tag: string): boolean {
  return ifMatch.split(',').some((one) => {
    const wanted = one.trim().replace(/^W\//, '');
    return wanted === '*' || wanted === tag;
  });
}
