/** A hook that observes must not break what it observes. */
export function quietly<Value>(hook: ((value: Value) => void) | undefined): (value: Value) => void {
  return (value) => {
    try {
      hook?.(value);
    } catch {
      // The hook's own fault; there is nobody here to tell.
    }
  };
}
