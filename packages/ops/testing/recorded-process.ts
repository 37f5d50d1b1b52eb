import type { HostRecording } from './recorded-host.ts';

/** A process as /proc would show it to root. */
export interface RecordedProcess {
  readonly pid: number;
  readonly parent?: number;
  readonly comm?: string;
  /** Undefined where the link may not be followed. */
  readonly executable?: string;
  readonly commandLine?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly cgroup?: string;
  readonly rssMb?: number;
  readonly oomScoreAdj?: number | null;
  readonly oomScore?: number;
  readonly openFiles?: number | null;
  /** More lines of its status. */
  readonly status?: string;
}

/** Of a process of which nothing else is said. */
export const LEAST_RSS_MB = 10;

/** Files and links of /proc for these processes. */
export function recordedProcesses(
  processes: readonly RecordedProcess[],
): Required<Pick<HostRecording, 'files' | 'links'>> {
  const files: Record<string, string | null> = {};
  const links: Record<string, string> = {};
  for (const process of processes) {
    const at = `/proc/${process.pid}`;
    const name = process.comm ?? process.executable?.replace(/^.*\//, '') ?? 'sleep';
    const rssKb = (process.rssMb ?? LEAST_RSS_MB) * 1024;
    files[`${at}/status`] =
      `Name:\t${name}\nUmask:\t0022\nState:\tS (sleeping)\nPid:\t${process.pid}\nPPid:\t${process.parent ?? 1}\n` +
      `Uid:\t0\t0\t0\t0\nVmRSS:\t${String(rssKb).padStart(8)} kB\n${process.status ?? ''}`;
    files[`${at}/cmdline`] = (process.commandLine ?? [process.executable ?? name])
      .map((part) => `${part}\0`)
      .join('');
    files[`${at}/environ`] = Object.entries(process.environment ?? {})
      .map(([key, value]) => `${key}=${value}\0`)
      .join('');
    files[`${at}/cgroup`] = `0::${process.cgroup ?? '/'}\n`;
    files[`${at}/smaps_rollup`] = `Rss: ${rssKb} kB\nPss: ${String(rssKb).padStart(8)} kB\n`;
    files[`${at}/oom_score_adj`] = process.oomScoreAdj === null ? null : `${process.oomScoreAdj ?? 0}\n`;
    files[`${at}/oom_score`] = `${process.oomScore ?? 666}\n`;
    files[`${at}/limits`] =
      process.openFiles === null
        ? null
        : `Limit                     Soft Limit           Hard Limit           Units     \n` +
          `Max open files            ${String(process.openFiles ?? 65_535).padEnd(21)}1048576              files     \n`;
    if (process.executable !== undefined) links[`${at}/exe`] = process.executable;
  }
  return { files, links };
}
