import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commands } from './cli/command-list.ts';
import { runCommandLine } from './cli/run-command-line.ts';
import { processTerminal } from './cli/terminal.ts';

// All of these lie beside this file, whose own place is fixed by `bin/maque.js`.
const here = (path: string) => new URL(path, import.meta.url);
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };

process.exitCode = await runCommandLine(commands, process.argv.slice(2), {
  terminal: processTerminal(process.stdout, process.stderr),
  env: process.env,
  cwd: process.cwd(),
  installation: { version, workerScript: fileURLToPath(here('worker.js')), preload: here('preload.js') },
});
