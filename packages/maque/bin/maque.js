#!/usr/bin/env node
// The launcher: plain JavaScript that any Node can read, so that an old one gets a sentence instead of a syntax error.
const [major] = process.versions.node.split('.').map(Number);

if (major < 24) {
  process.stderr.write(
    `maque needs Node 24 or newer; this is ${process.versions.node} (${process.execPath})\n` +
      `maque 需要 Node 24 或更高版本,当前是 ${process.versions.node}(${process.execPath})\n`,
  );
  process.exit(1);
}

await import('../bundle/bin.js');
