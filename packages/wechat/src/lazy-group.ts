type Methods<Group> = { readonly [Name in keyof Group]: (...args: never) => Promise<unknown> };

type AnyMethods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

/**
 * A group of methods whose code is loaded when one of them is called first: most servers use few of WeChat's APIs, and
 * each module costs 0.1 MiB.
 * @param names of all methods; the compiler finds one that is missing.
 */
export function lazyGroup<Group extends Methods<Group>>(
  load: () => Promise<Group>,
  names: { readonly [Name in keyof Group]: true },
): Group {
  let loaded: Promise<Group> | undefined;
  const methods = Object.keys(names).map((name) => {
    const method = async (...args: readonly unknown[]) => {
      loaded ??= load().catch((error: unknown) => {
        // A file that could not be read just now is tried again by the next call.
        loaded = undefined;
        throw error;
      });
      const group = (await loaded) as unknown as AnyMethods;
      return group[name]?.(...args);
    };
    return [name, method];
  });
  return Object.fromEntries(methods) as Group;
}
