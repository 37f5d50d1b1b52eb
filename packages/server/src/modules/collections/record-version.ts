import { hash } from 'node:crypto';
import type { Milliseconds } from '@maque/kit';

/** The tag of a record's version: it changes with every write of the record, whoever reads it. */
export function versionTag(record: Readonly<Record<string, unknown>>): string {
  return tagOfVersion(Date.parse(record.updatedAt as string));
}

/** @param updatedAtMs when the record was written last: each version has a time of its own. */
export function tagOfVersion(updatedAtMs: Milliseconds): string {
  return `"${updatedAtMs.toString(36)}"`;
}

/** The tag of an answer that shows more or less than the record: of its version first, then of what it shows. */
export function tagOfAnswer(updatedAtMs: Milliseconds, text: string): string {
  return `"${updatedAtMs.toString(36)}.${hash('sha256', text, 'base64url').slice(0, 22)}"`;
}

/**
 * Whether a write that was made for certain versions is meant for this one: `*`, or a list with its tag. A tag with `W/`
 * counts too, though RFC 9110 §13.1.1 has it otherwise: nginx puts that before the tags of what it compresses, and ours
 * name versions of records, not bytes.
 */
export function isMeantFor(ifMatch: string, tag: string): boolean {
  return ifMatch.split(',').some((one) => {
    const wanted = one
      .trim()
      .replace(/^W\//, '')
      .replace(/\.[\w-]*"$/, '"');
    return wanted === '*' || wanted === tag;
  });
}
