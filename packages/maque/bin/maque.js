#!/usr/bin/env node
// The launcher: plain JavaScript that any Node can read, so that an old one gets a sentence instead of a syntax error.
const [major] = process.versions.node.split('.').map(Number);

if (major < 24) {
  process.stderr.write(
    `maque needs Node 24 or newer; this is ${process.versions.node} (${process.execPath})\n` +
      `maque 需要 Node 24 或更高版本，当前是 ${process.versions.node}（${process.execPath}）\n`,
  );
  process.exit(1);
}

const { setFlagsFromString } = require('node:v8');

// Whoever keeps workers lives for months and has little to compute. Without the optimizing compilers and a young
// generation that grows, the RSS of a keeper is 53 MiB instead of 57, and after 100,000 heartbeats 54 instead of 70; each
// of them takes 10 µs instead of 5 (Node 26; bench/keeper/weight.ts). Set before anything is loaded, or the loading
// itself is optimized. Workers are started with flags of their own, so they compile as ever.
// A doctor looks at a sick server once: 66 MiB instead of 84 on one with 170 processes and 40 kills in its log, in the same
// processor time.
if (['start', 'run', 'dev', 'doctor'].includes(process.argv[2])) {
  for (const compiler of ['opt', 'maglev', 'sparkplug']) setFlagsFromString(`--no-${compiler}`);
  setFlagsFromString('--semi-space-growth-factor=1');
}

require('../bundle/bin.cjs');
