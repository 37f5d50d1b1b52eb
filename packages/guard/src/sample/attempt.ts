/** The value, or null when it cannot be had: what a platform does not tell must not disturb the app that is watched. */
export function attempt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}
