import type { SnapshotHeader } from '../snapshot/snapshot-header.ts';
import { Use } from './string-uses.ts';

/** The names of other types are of users: strings, regular expressions, and whatever a later V8 brings. */
const NODE_USES: ReadonlyMap<string, number> = new Map([
  ['hidden', Use.internal],
  ['array', Use.internal],
  ['object', Use.object],
  ['code', Use.code],
  ['closure', Use.code],
  ['native', Use.internal],
  ['synthetic', Use.internal],
  ['object shape', Use.internal],
]);

/** The names of other types are numbers, or not known here: nothing is kept for their sake. */
const EDGE_USES: ReadonlyMap<string, number> = new Map([
  ['context', Use.variable],
  ['property', Use.property],
  ['internal', Use.internal],
  ['shortcut', Use.internal],
  ['weak', Use.internal],
]);

/** Where in a row each number stands, and how the types use their names. */
export interface SnapshotLayout {
  readonly node: {
    readonly row: number;
    readonly type: number;
    readonly name: number;
    readonly edgeCount: number;
    readonly uses: readonly number[];
    readonly kinds: readonly ('string' | 'code' | 'other')[];
  };
  readonly edge: {
    readonly row: number;
    readonly type: number;
    readonly name: number;
    readonly to: number;
    readonly uses: readonly number[];
  };
  readonly info: { readonly row: number; readonly names: readonly number[] };
}

/** What the head of the file says of its numbers, for redaction. */
export function layoutOf(header: SnapshotHeader): SnapshotLayout {
  const { nodeFields, nodeTypes, edgeFields, edgeTypes, traceFunctionInfoFields } = header;
  return {
    node: {
      row: nodeFields.length,
      type: nodeFields.indexOf('type'),
      name: nodeFields.indexOf('name'),
      edgeCount: nodeFields.indexOf('edge_count'),
      uses: nodeTypes.map((type) => NODE_USES.get(type) ?? Use.data),
      kinds: nodeTypes.map((type) => (type === 'string' || type === 'code' ? type : 'other')),
    },
    edge: {
      row: edgeFields.length,
      type: edgeFields.indexOf('type'),
      name: edgeFields.indexOf('name_or_index'),
      to: edgeFields.indexOf('to_node'),
      uses: edgeTypes.map((type) => EDGE_USES.get(type) ?? 0),
    },
    info: {
      row: Math.max(1, traceFunctionInfoFields.length),
      names: ['name', 'script_name']
        .map((field) => traceFunctionInfoFields.indexOf(field))
        .filter((at) => at >= 0),
    },
  };
}
