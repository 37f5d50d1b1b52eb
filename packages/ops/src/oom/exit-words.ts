import type { Recogniser } from './recogniser.ts';

/** How supervisors, shells and container engines say that a process ended by SIGKILL (137) or abort (134). */
export const EXITS: readonly Recogniser[] = [
  {
    hint: 'exited with code [',
    pattern:
      /App \[([^\]]{1,64})\](?: with id \[\d{1,6}\] and pid \[(\d{1,10})\],)? exited with code \[\d{1,3}\] via signal \[(SIGKILL|SIGABRT)\]/,
    kill: ([, name = null, pid, signal = null]) => exit(name, pid, signal),
  },
  {
    hint: 'exited with code [13',
    pattern:
      /App \[([^\]]{1,64})\](?: with id \[\d{1,6}\] and pid \[(\d{1,10})\],)? exited with code \[(137|134)\]/,
    kill: ([, name = null, pid, code]) => exit(name, pid, signalOf(code)),
  },
  {
    hint: 'exited with code 13',
    pattern: /^(\S{1,128}) {1,40}exited with code (137|134)\b/,
    kill: ([, name = null, code]) => exit(name, undefined, signalOf(code)),
  },
  // `docker ps -a`: the name stands last.
  {
    hint: 'Exited (13',
    pattern: /^[0-9a-f]{12} .{0,300}\bExited \((137|134)\) .{0,200} ([\w.-]{1,128})$/,
    kill: ([, code, name = null]) => exit(name, undefined, signalOf(code)),
  },
  // `docker events`, `podman events`.
  {
    hint: 'xitCode=13',
    pattern:
      /\bcontainer (?:die|died) ([0-9a-f]{12,64}) \((?=.{0,3000}?\b(?:exitCode|containerExitCode)=(137|134)\b)(?:.{0,3000}?, ?)?name=([\w.-]{1,128})/,
    kill: ([, id = null, code, name = null]) => ({ ...exit(name, undefined, signalOf(code)), container: id }),
  },
  // systemd, of a shell or of a container that it started.
  {
    hint: 'code=exited, status=13',
    pattern: /^(\S{1,255}): (?:Main|Control) process exited, code=exited, status=(137|134)\//,
    kill: ([, unit = null, code]) => ({ ...exit(unit, undefined, signalOf(code)), unit }),
  },
  {
    hint: 'was sent SIGKILL! Perhaps out of memory',
    pattern: /Worker \(pid:(\d{1,10})\) was sent SIGKILL! Perhaps out of memory/,
    kill: ([, pid]) => exit('gunicorn', pid, 'SIGKILL'),
  },
  {
    hint: "exited with 'signal 9",
    pattern: /Process '([^']{1,64})' pid:(\d{1,10}) exited with 'signal 9 \(SIGKILL\)'/,
    kill: ([, , pid]) => exit('celery', pid, 'SIGKILL'),
  },
  {
    hint: 'killed by signal 9',
    pattern: /worker \d{1,6} \(pid: (\d{1,10})\) died, killed by signal 9/,
    kill: ([, pid]) => exit('uwsgi', pid, 'SIGKILL'),
  },
  {
    hint: 'exited on signal 9',
    pattern: /child (\d{1,10}) exited on signal 9 \(SIGKILL/,
    kill: ([, pid]) => exit('php-fpm', pid, 'SIGKILL'),
  },
  {
    hint: 'terminated by SIGKILL',
    pattern: /exited: (\S{1,128}) \(terminated by SIGKILL; not expected\)/,
    kill: ([, name = null]) => exit(name, undefined, 'SIGKILL'),
  },
  // A shell: `./start.sh: line 3:  4711 Killed                  node server.js`.
  {
    hint: 'Killed',
    pattern: /: line \d{1,6}: {1,4}(\d{1,10}) Killed {2,40}(?:\S{0,200}\/)?([\w.-]{1,64})/,
    kill: ([, pid, name = null]) => exit(name, pid, 'SIGKILL'),
  },
  // Of a shell alone: in a log with writers it is the beginning of a line that was cut off.
  {
    hint: 'Killed',
    pattern: /^Killed$/,
    kill: (_, { writer, host }) =>
      writer === null && host === null ? exit(null, undefined, 'SIGKILL') : undefined,
  },
  // Anybody else: npm, pipelines, `kubectl describe`, a status in YAML or JSON.
  {
    hint: '13',
    pattern:
      /\b(?:[Ee]xit(?:ed)?(?:[ -](?:[Cc]ode|[Ss]tatus|with|code:))*|exitCode|ExitCode|ERR! errno|error errno)["']?(?: ?[=:] {0,12}| )["']?(137|134)\b/,
    kill: ([, code]) => exit(null, undefined, signalOf(code)),
  },
];

function exit(name: string | null, pid: string | undefined, signal: string | null) {
  return { mechanism: 'exit-status', name, pid: pid === undefined ? null : Number(pid), signal } as const;
}

function signalOf(code: string | undefined): string {
  return code === '134' ? 'SIGABRT' : 'SIGKILL';
}
