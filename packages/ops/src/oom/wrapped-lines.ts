/** A line with its number, counted from 1. */
export interface NumberedLine {
  readonly text: string;
  readonly number: number;
}

/** The long lines of a kill, which terminals, editors and mail programs break. */
const MAY_GO_ON = /\b[Kk]ill(?:ed)? process \d|oom-kill:constraint=/;
/** How the rest of such a line begins, behind what it was indented or quoted with. */
const GOES_ON =
  /^[\s>|*]{0,40}(?=,? ?UID:? ?\d|(?:total-vm|vsz|anon-rss|file-rss|shmem-rss|pgtables|oom_score_adj):|score \d|or sacrifice|global_oom|(?:nodemask|cpuset|mems_allowed|oom_memcg|task_memcg|task|pid|uid)=)/;
const MOST_CHARACTERS = 4_096;

/** Puts the lines of a kill together that were broken when somebody copied them. */
export class WrappedLines {
  #open: NumberedLine | undefined;

  /** Takes the line where it belongs to one that is open; whether it does. */
  joins(raw: string): boolean {
    const open = this.#open;
    if (open === undefined || open.text.length > MOST_CHARACTERS) return false;
    const start = GOES_ON.exec(raw);
    if (start === null) return false;
    const text = open.text.trimEnd();
    this.#open = { ...open, text: text + (text.endsWith(',') ? '' : ' ') + raw.slice(start[0].length) };
    return true;
  }

  /** The open line, which is whole now. */
  close(): NumberedLine | undefined {
    const open = this.#open;
    this.#open = undefined;
    return open;
  }

  /** Keeps a line that may go on in the next; whether it does. */
  opens(line: NumberedLine): boolean {
    if (!MAY_GO_ON.test(line.text)) return false;
    this.#open = line;
    return true;
  }
}
