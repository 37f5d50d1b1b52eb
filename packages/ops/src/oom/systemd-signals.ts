import { RecentMap } from '@maque/kit';
import type { Kill } from './kill.ts';
import type { LogLine } from './log-line.ts';

/** Units that are being stopped at once; more are a machine that shuts down. */
const MOST_UNITS = 64;
/** After the signal the end is told within the second; a log that tells no times is read by its lines. */
const SAME_STOP_LINES = 40;

/**
 * `shop.service: State 'stop-sigterm' timed out. Killing.`, `… Killing process 7 (node) with signal SIGKILL.`,
 * `… Sent signal SIGKILL to main process 7 (node) on client request.`, of systemd 219 `shop.service stop-sigterm timed out.`
 */
const SENT =
  /^(\S{1,255}?):? (?:State '[\w-]{1,40}' timed out\. (?:Kill|Abort)ing|[\w-]{1,40} timed out\. Killing|Killing process \d{1,10} \(.{0,64}\) with signal SIG(?:KILL|ABRT)|Sent signal SIGKILL|Watchdog timeout)/;

/** A unit that systemd itself ended by SIGKILL or abort: it did not stop in time. Memory had no part in it. */
export class SystemdSignals {
  readonly #sent = new RecentMap<string, number>(MOST_UNITS);

  listen({ text }: LogLine, lineNumber: number): void {
    if (!text.includes('timed out') && !text.includes('SIG') && !text.includes('Watchdog')) return;
    const unit = SENT.exec(text)?.[1];
    if (unit !== undefined) this.#sent.set(unit, lineNumber);
  }

  explains({ mechanism, unit, line }: Kill): boolean {
    if (mechanism !== 'exit-status' || unit === null) return false;
    const at = this.#sent.get(unit);
    return at !== undefined && line - at <= SAME_STOP_LINES;
  }
}
