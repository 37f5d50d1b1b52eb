// Installs Debian packages that tests and benchmarks run for real: when missing, and when the user may.
import { spawnSync } from 'node:child_process';
import { mustRun } from './run-command.mjs';

/** Missing packages are installed; where that is not possible the error says exactly what to type. */
export async function ensureDebianPackages(names) {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot ? [] : ['sudo', '-n'];
  if (!has('apt-get') || (!isRoot && !mayUseSudo())) {
    throw new Error(
      `missing Debian packages; please run:\n  sudo apt-get update && sudo apt-get ${install.join(' ')}`,
    );
  }
  process.stderr.write(`• Installing ${missing.join(', ')} …\n`);
  // Services must not start by themselves: tests spawn their own on free ports.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = (args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    return mustRun(command, rest, { env, quiet: true });
  };
  await apt(['update', '-q']);
  await apt(install);
}

function isInstalled(name) {
  const answer = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return answer.stdout?.includes('Status: install ok installed') ?? false;
}

function has(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

function mayUseSudo() {
  return spawnSync('sudo', ['-n', 'true']).status === 0;
}
