import { commands } from './cli/command-list.ts';
import { runCommandLine } from './cli/run-command-line.ts';
import { processTerminal } from './cli/terminal.ts';
import { installationOf } from './installation.ts';

// Without `await`: this is bundled as CommonJS, which starts a quarter faster (scripts/bundle.mjs).
void runCommandLine(commands, process.argv.slice(2), {
  terminal: processTerminal(process.stdout, process.stderr),
  env: process.env,
  cwd: process.cwd(),
  installation: installationOf(import.meta.url),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
