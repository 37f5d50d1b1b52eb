import { ClassCensus, type ClassCount } from './class-census.ts';
import { IdentitySketch } from './identity-sketch.ts';
import { nodeRows, type RowReader } from './node-rows.ts';
import { readSnapshotFile, type SnapshotFile } from './snapshot-file.ts';
import { decodeSnapshotString } from './string-section.ts';

/** What the first of two snapshots is reduced to. */
export interface FirstSnapshot {
  readonly nodes: number;
  readonly classes: readonly ClassCount[];
  readonly identity: IdentitySketch;
}

/**
 * Reads the first snapshot in one pass, in a few MiB whatever its size.
 * @throws CodedError as `readSnapshotFile` does
 */
export async function countClasses(file: SnapshotFile): Promise<FirstSnapshot> {
  const identity = new IdentitySketch();
  let census = new ClassCensus([]);
  let nodes = 0;
  let readNodes: RowReader = () => {};
  await readSnapshotFile(file, {
    header(header) {
      nodes = header.nodeCount;
      census = new ClassCensus(header.nodeTypes);
      readNodes = nodeRows(header, file.path, ({ type, name, id, size }) => {
        census.add(type, name, size, false);
        identity.add(id, type, size);
      });
    },
    values(values, count, section) {
      if (section === 'nodes') readNodes(values, count);
    },
    wantsString: (index) => census.needs(index),
    string(bytes, _length, index) {
      census.name(index, decodeSnapshotString(bytes));
    },
  });
  return { nodes, classes: census.classes, identity };
}
