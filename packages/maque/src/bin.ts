import { readFileSync } from 'node:fs';
import { commands } from './cli/command-list.ts';
import { runCommandLine } from './cli/run-command-line.ts';
import { processTerminal } from './cli/terminal.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

process.exitCode = await runCommandLine(commands, version, process.argv.slice(2), {
  terminal: processTerminal(process.stdout, process.stderr),
  env: process.env,
  cwd: process.cwd(),
});
