// What memlab has for the same purpose, to be measured beside ours: node anonymize.mjs <in> <out>
import memlab from '@memlab/core';

const [input, output] = process.argv.slice(2);
await memlab.anonymizeHeapSnapshotFile(input, output);
