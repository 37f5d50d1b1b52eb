/** What programs need of the environment they are started from. */
const KEPT = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'USER'];

/**
 * The environment that services get: little of this process's own, so that a NODE_OPTIONS or NODE_EXTRA_CA_CERTS of
 * whoever runs the benchmark changes no figure.
 */
export function serviceEnvironment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = KEPT.map((name) => [name, process.env[name]] as const).filter(
    ([, value]) => value !== undefined,
  );
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', ...own };
}
