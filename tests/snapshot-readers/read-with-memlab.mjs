// Reads a heap snapshot with memlab and writes what it finds: node read-with-memlab.mjs <snapshot> <out.json>
import { writeFileSync } from 'node:fs';
import memlab from '@memlab/core';

const [snapshot, out] = process.argv.slice(2);
const heap = await memlab.utils.getSnapshotFromFile(snapshot, { buildNodeIdIndex: true, verbose: false });
memlab.analysis.preparePathFinder(heap);

const classes = {};
let target = null;
heap.nodes.forEach((node) => {
  const name = `${node.type} ${node.name}`;
  classes[name] ??= [0, 0, 0];
  const sums = classes[name];
  sums[0] += 1;
  sums[1] += node.self_size;
  sums[2] += node.retainedSize;
  const isInstance = node.references.some((edge) => edge.name_or_index === 'ordersByPhone');
  if (name === 'object OrderBook' && isInstance) target = node;
});

const path = [];
for (let node = target; node?.pathEdge; node = node.pathEdge.fromNode) {
  path.push(`${node.name} in ${node.pathEdge.type} ${node.pathEdge.name_or_index}`);
}
writeFileSync(out, JSON.stringify({ classes, path, nodes: heap.nodes.length, edges: heap.edges.length }));
