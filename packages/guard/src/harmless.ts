const warned = new Set<string>();
const MAX_WARNED = 20;

/**
 * The same work, by a timer or an event of the app that is watched: whatever fault the guard has, it ends no app. It is told
 * as a warning of the process, each one once.
 */
export function harmless(work: () => void): () => void {
  return () => {
    try {
      work();
    } catch (error) {
      warnOnce(String(error));
    }
  };
}

function warnOnce(error: string): void {
  if (warned.has(error) || warned.size >= MAX_WARNED) return;
  warned.add(error);
  process.emitWarning(`The guard failed: ${error}`, { code: 'MAQUE_GUARD_FAILED' });
}
