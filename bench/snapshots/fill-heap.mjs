// Fills a heap and takes its snapshot: node fill-heap.mjs <shape> <how many> <out.heapsnapshot>
import { writeHeapSnapshot } from 'node:v8';

const [shape, count, out] = process.argv.slice(2);
const token = (index) => Buffer.from(`${index}-${index * 7_919}`).toString('base64url');
const shapes = {
  // What a shop keeps: records with a key each, some of them of users.
  records: (index) => ({
    phone: `1380013${index}`,
    paidAt: index + 0.5,
    tags: ['paid', index],
    seen: { [`o${token(index)}`]: index },
  }),
  // Nothing but strings, none like another: the most that can be kept of each byte of the file.
  strings: (index) => token(index),
};
globalThis.everythingKept = Array.from({ length: Number(count) }, (_, index) => shapes[shape](index));
writeHeapSnapshot(out);
