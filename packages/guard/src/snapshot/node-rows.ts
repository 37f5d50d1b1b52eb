import type { Bytes } from '@maque/kit';
import { comparisonErrors as errors } from './comparison-errors.ts';
import type { SnapshotHeader } from './snapshot-header.ts';

/** One node, in the columns that every version of V8 has. */
export interface NodeRow {
  /** Its place among all nodes. */
  index: number;
  type: number;
  name: number;
  id: number;
  size: Bytes;
  edges: number;
}

/** Takes whole rows of a section; see `SnapshotEvents.values`. */
export type RowReader = (values: Float64Array, count: number) => void;

/**
 * Turns the numbers of the section `nodes` into rows. The row is used again: valid during the call.
 * @throws CodedError SNAPSHOT_TYPE_UNKNOWN
 */
export function nodeRows(header: SnapshotHeader, file: string, listener: (row: NodeRow) => void): RowReader {
  const place = (field: string) => header.nodeFields.indexOf(field);
  const [type, name, id] = [place('type'), place('name'), place('id')];
  const [size, edges] = [place('self_size'), place('edge_count')];
  const { length } = header.nodeFields;
  const row: NodeRow = { index: 0, type: 0, name: 0, id: 0, size: 0, edges: 0 };
  return (values, count) => {
    for (let at = 0; at < count; at += length) {
      row.type = values[at + type] as number;
      row.name = values[at + name] as number;
      row.id = values[at + id] as number;
      row.size = values[at + size] as number;
      row.edges = values[at + edges] as number;
      if (row.type >= header.nodeTypes.length) {
        throw errors.SNAPSHOT_TYPE_UNKNOWN({ data: { file, index: row.index } });
      }
      listener(row);
      row.index++;
    }
  };
}
