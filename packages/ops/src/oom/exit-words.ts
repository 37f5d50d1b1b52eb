import type { Recogniser } from './recogniser.ts';

/** What bash says of SIGKILL in a Chinese terminal. */
const KILLED_ZH = '\u5df2\u6740\u6b7b';

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
  // systemd, of what it started.
  {
    hint: 'status=',
    pattern: /^(\S{1,255}): [Mm]ain process exited, code=(?:killed|dumped), status=(9|6)\/(?:KILL|ABRT)/,
    kill: ([, unit = null, number]) => ({
      ...exit(unit, undefined, number === '6' ? 'SIGABRT' : 'SIGKILL'),
      unit,
    }),
  },
  // The same, of a shell or of a container.
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
  // Of a shell in Chinese: `./start.sh: 行 3:  4711 已杀死               node server.js`.
  {
    hint: KILLED_ZH,
    pattern: new RegExp(
      `: (?:line|行|第) ?\\d{1,6}(?: 行)?: {1,4}(\\d{1,10}) ${KILLED_ZH} {2,40}(?:\\S{0,200}\\/)?([\\w.-]{1,64})`,
    ),
    kill: ([, pid, name = null]) => exit(name, pid, 'SIGKILL'),
  },
  // Of a shell that somebody sits at: `[1]+  Killed                  node app.js`, of zsh `zsh: killed     node app.js`.
  {
    hint: 'illed',
    pattern:
      /^(?:zsh: killed {2,40}|\[\d{1,4}\] {0,3}[+-]? {1,3}(?:(\d{1,10}) )?[Kk]illed {2,40})(?:\S{0,200}\/)?([\w.-]{1,64})/,
    kill: ([, pid, name = null]) => exit(name, pid, 'SIGKILL'),
  },
  {
    hint: KILLED_ZH,
    pattern: new RegExp(`^\\[\\d{1,4}\\] ?[+-]? {1,3}${KILLED_ZH} {2,40}(?:\\S{0,200}\\/)?([\\w.-]{1,64})`),
    kill: ([, name = null]) => exit(name, undefined, 'SIGKILL'),
  },
  // A compiler, of one of its passes; make, of a command.
  {
    hint: 'Killed',
    pattern:
      /: (?:fatal error: Killed signal terminated program|internal compiler error: Killed \(program) ([\w.+-]{1,64})/,
    kill: ([, name = null]) => exit(name, undefined, 'SIGKILL'),
  },
  {
    hint: '] Killed',
    pattern: /^make(?:\[\d{1,3}\])?: \*\*\* \[(?:[^\]]{0,200}: )?([^\]:]{1,64})\] Killed$/,
    kill: () => exit(null, undefined, 'SIGKILL'),
  },
  // nginx, of a worker of its own.
  {
    hint: 'exited on signal 9',
    pattern: /worker process (\d{1,10}) exited on signal 9\b/,
    kill: ([, pid]) => exit('nginx', pid, 'SIGKILL'),
  },
  {
    hint: 'Worker exited prematurely: signal 9',
    pattern: /Worker exited prematurely: signal 9 \(SIGKILL\)/,
    kill: () => exit('celery', undefined, 'SIGKILL'),
  },
  {
    hint: 'ommand failed with signal',
    pattern: /\b[Cc]ommand failed with signal "?(SIGKILL|SIGABRT)\b/,
    kill: ([, signal = null]) => exit(null, undefined, signal),
  },
  // Of a shell alone: in a log with writers it is the beginning of a line that was cut off.
  {
    hint: 'Killed',
    pattern: /^Killed(?:: 9)?$/,
    kill: (_, { writer, host }) =>
      writer === null && host === null ? exit(null, undefined, 'SIGKILL') : undefined,
  },
  {
    hint: KILLED_ZH,
    pattern: new RegExp(`^${KILLED_ZH}$`),
    kill: () => exit(null, undefined, 'SIGKILL'),
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
