import type { Kill, KillMechanism } from './kill.ts';
import type { LogLine } from './log-line.ts';
import { UNTOLD } from './untold.ts';

/** `[7:0x5581a0]    81234 ms: Mark-Compact 250.1 (258.2) -> 249.9 (258.2) MB, …`; Windows prints no 0x. */
const V8_COLLECTION =
  /^\[(\d{1,10}):(?:0x)?[0-9A-Fa-f]{4,16}\]\s{1,12}\d{1,15} ms: (?:.{1,60}?\((\d{1,7})(?:\.\d{1,3})?\) -> )?/;
/** Until Node 8 `process out of memory`; Chromium and embedders of V8 print `# Fatal JavaScript OOM in …`. */
const V8_END =
  /FATAL ERROR: .{0,120}(?:JavaScript heap|process) out of memory|# Fatal (?:JavaScript|process) (?:OOM in|out of memory)|terminated due to reaching memory limit: JS heap out of memory/;
/** V8 asked the system for memory that is no heap. */
const V8_NATIVE =
  /FATAL ERROR: (?:Zone|Malloced|NewArray|(?:v8::)?ArrayBuffer|OOM|AlignedAlloc)|# Fatal process (?:OOM|out of memory)/;

const JAVA_ERROR = /java\.lang\.OutOfMemoryError(?:: (.{1,200}?))?(?:\s*$|\s+at |\\n|["\]])/;
const JAVA_NATIVE =
  /There is insufficient memory for the Java Runtime Environment to continue|os::commit_memory\(.{0,80}failed; error='|Native memory allocation \(\w{1,20}\) failed/;
const JAVA_PID = /(?:java_pid|hs_err_pid)(\d{1,10})/;

/** Programs that ask the system, are told that there is no memory, and end. */
const ASKED_IN_VAIN: readonly (readonly [name: string | null, pattern: RegExp])[] = [
  ['python', /(?:^|\.)_?(?:Array)?MemoryError(?::|$)/],
  ['node', /(?:^|\s)RangeError: Array buffer allocation failed/],
  ['mysqld', /InnoDB: (?:Cannot allocate memory for the buffer pool|mmap\(\d{1,15} bytes\) failed)/],
  ['mysqld', /\[InnoDB\] Cannot allocate (?:memory for the buffer pool|\d{1,15} bytes of memory)/],
  ['mysqld', /\b(?:mysqld|mariadbd): Out of memory \(Needed \d{1,15} bytes\)/],
  ['postgres', /^(?:\[\d{1,10}\] )?(?:\S{1,64} )?(?:ERROR|FATAL|PANIC): {1,2}out of memory$/],
  [null, /^memory allocation of \d{1,15} bytes failed/],
  ['redis-server', /Out Of Memory allocating \d{1,15} bytes/],
  ['go', /^fatal error: runtime: (?:out of memory|cannot allocate memory)/],
  [null, /terminate called after throwing an instance of 'std::bad_alloc'/],
];

/** nohang tells of a victim in several lines, the signal last. */
const NOHANG_VICTIM = /\bPID: (\d{1,10}), [Nn]ame: (.{1,64}?), badness:/;
const NOHANG_RSS = /^\s*(?:Victim )?VmRSS:?\s{1,20}(\d{1,12}) ?(KiB|MiB)/;
const NOHANG_ACT = /^\s*(?:\[ OK \] )?Send(?:ing)? (SIGTERM|SIGKILL) to (?:the victim|(\S.{0,62}?) \(?PID)/i;

/** What programs say of their own end, or of one that they bring about: some of it stands in the lines before. */
export class ProgramWords {
  /** V8 tells the process in the lines before it gives up. */
  #v8Pid: number | null = null;
  /** What the heap took of the system in the last collection, MiB: its limit nearly, when it ends. */
  #v8Mb: number | null = null;
  #victim: { readonly pid: number; readonly name: string } | null = null;
  #victimRssKb: number | null = null;
  #isJavaDying = false;

  read(line: LogLine, lineNumber: number): Kill | undefined {
    const { text, time, uptimeSeconds, host } = line;
    this.#listen(text);
    const found = this.#v8(text) ?? this.#nohang(text) ?? this.#java(text) ?? inVain(text);
    return found === undefined
      ? undefined
      : { ...UNTOLD, time, uptimeSeconds, host, line: lineNumber, ...found };
  }

  #listen(text: string): void {
    const collected = V8_COLLECTION.exec(text);
    if (collected !== null) {
      this.#v8Pid = Number(collected[1]);
      this.#v8Mb = numberOr(collected[2]);
    }
    const victim = NOHANG_VICTIM.exec(text);
    if (victim !== null) {
      this.#victim = { pid: Number(victim[1]), name: victim[2] ?? '' };
      this.#victimRssKb = null;
    }
    const rss = NOHANG_RSS.exec(text);
    if (rss !== null) this.#victimRssKb = Number(rss[1]) * (rss[2] === 'MiB' ? 1_024 : 1);
  }

  #v8(text: string): Found | undefined {
    if (!V8_END.test(text)) return undefined;
    const mechanism = V8_NATIVE.test(text) ? 'allocation-failed' : 'v8-heap-limit';
    const isThread = text.includes('terminated due to reaching');
    const [pid, heapMb] = [this.#v8Pid, this.#v8Mb];
    this.#v8Pid = null;
    this.#v8Mb = null;
    const limit = isThread ? 'resourceLimits' : 'max-old-space-size';
    return {
      mechanism,
      pid,
      name: 'node',
      signal: isThread ? null : 'SIGABRT',
      limitKb: heapMb === null ? null : heapMb * 1_024,
      constraint: mechanism === 'v8-heap-limit' ? limit : null,
    };
  }

  #nohang(text: string): Found | undefined {
    const act = NOHANG_ACT.exec(text);
    if (act === null || this.#victim === null) return undefined;
    const { pid, name } = this.#victim;
    return {
      mechanism: 'nohang',
      pid,
      name,
      rssKb: this.#victimRssKb,
      signal: act[1]?.toUpperCase() ?? null,
    };
  }

  #java(text: string): Found | undefined {
    const pid = numberOr(JAVA_PID.exec(text)?.[1]);
    if (JAVA_NATIVE.test(text)) {
      this.#isJavaDying = true;
      return { mechanism: 'allocation-failed', name: 'java', pid };
    }
    const error = JAVA_ERROR.exec(text);
    if (error !== null) {
      const [, constraint = 'Java heap space'] = error;
      // Threads are memory of the system, not of the heap.
      const mechanism = /native thread/.test(constraint) ? 'allocation-failed' : 'jvm-heap-limit';
      return { mechanism, name: 'java', pid, constraint };
    }
    if (pid === null) return undefined;
    if (text.includes('Dumping heap to')) return { mechanism: 'jvm-heap-limit', name: 'java', pid };
    // A crash report is written for other reasons, too.
    const isOfThis = this.#isJavaDying && text.includes('hs_err_pid');
    if (!isOfThis) return undefined;
    this.#isJavaDying = false;
    return { mechanism: 'allocation-failed', name: 'java', pid };
  }
}

type Found = Partial<Kill> & { readonly mechanism: KillMechanism };

function inVain(text: string): Found | undefined {
  for (const [name, pattern] of ASKED_IN_VAIN)
    if (pattern.test(text)) return { mechanism: 'allocation-failed', name };
  return undefined;
}

function numberOr(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
