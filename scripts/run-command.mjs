// Runs one command to its end; says what failed and how.
import { spawn } from 'node:child_process';
import { root } from './pinned-node.mjs';

/**
 * Runs a command with its output shown. Resolves to the exit code, 128 + signal when killed.
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, quiet?: boolean }} [options] quiet keeps the output and shows it only on failure.
 */
export async function run(command, args, options = {}) {
  const { code, output } = await runKeepingOutput(command, args, options);
  if (code !== 0) process.stderr.write(output);
  return code;
}

/** The same for whoever shows the output of a quiet command later: `{ code, output }`. */
export function runKeepingOutput(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: options.quiet === true ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 128 + (signal === 'SIGINT' ? 2 : 15), output: Buffer.concat(output) }),
    );
  });
}

/** Like {@link run}, but anything other than 0 is an error. */
export async function mustRun(command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}
