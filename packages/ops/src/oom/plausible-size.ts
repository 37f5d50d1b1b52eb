/** 4 PiB: more than any machine has. Kernels print a number beyond it where there is no limit. */
const MOST_KB = 2 ** 42;

/** A size in KiB; null where it is none that memory can have. */
export function plausibleKb(kb: number): number | null {
  return kb >= 0 && kb < MOST_KB ? kb : null;
}
