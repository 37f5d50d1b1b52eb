import { writeSync } from 'node:fs';
import type { Bytes } from '@maque/kit';
import { redactSnapshot } from '../redact/redact-snapshot.ts';
import type { WrittenSnapshot } from './helper-protocol.ts';
import { snapshotErrors } from './snapshot-errors.ts';
import { SnapshotSections } from './snapshot-sections.ts';

type Write = (bytes: Uint8Array) => Promise<void>;
type SnapshotCounts = Pick<WrittenSnapshot, 'nodes' | 'edges'>;

/**
 * Copies a snapshot into an open file, redacted or as it is, and counts what is in it.
 * @throws CodedError SNAPSHOT_FILE_TOO_LARGE, those of `snapshotFormatErrors`; the system's error when writing fails.
 */
export async function writeSnapshot(
  source: AsyncIterable<Uint8Array>,
  descriptor: number,
  { redact, maxBytes }: { redact: boolean; maxBytes: Bytes },
): Promise<WrittenSnapshot> {
  let bytes: Bytes = 0;
  const write: Write = async (chunk) => {
    bytes += chunk.length;
    if (bytes > maxBytes) throw snapshotErrors.SNAPSHOT_FILE_TOO_LARGE({ data: { limit: maxBytes } });
    writeAll(descriptor, chunk);
  };
  const { nodes, edges } = await (redact ? redactSnapshot(source, write) : copySnapshot(source, write));
  return { nodes, edges, bytes };
}

/** Reads along, so that what is no whole snapshot is refused here too. */
async function copySnapshot(source: AsyncIterable<Uint8Array>, write: Write): Promise<SnapshotCounts> {
  let counts: SnapshotCounts = { nodes: 0, edges: 0 };
  const sections = new SnapshotSections({
    header: ({ nodeCount, edgeCount }) => {
      counts = { nodes: nodeCount, edges: edgeCount };
    },
  });
  for await (const chunk of source) {
    sections.push(chunk);
    await write(chunk);
  }
  sections.end();
  return counts;
}

function writeAll(descriptor: number, chunk: Uint8Array): void {
  for (let done = 0; done < chunk.length; ) done += writeSync(descriptor, chunk, done);
}
