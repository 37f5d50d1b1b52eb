/** What a rendered unit starts, and with which variables. */
export interface UnitCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Reads the lines of a unit that say how it is started: no quotes in them, for no path or number has any. */
export function unitCommand(unit: string): UnitCommand {
  const [command, ...args] = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
  if (command === undefined) throw new Error('the unit starts nothing');
  return { command, args, env: variablesOf(unit) };
}

/** `Environment=` */
export function variablesOf(unit: string): Readonly<Record<string, string>> {
  const variables = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)];
  return Object.fromEntries(variables.map(([, name, value]) => [name, value]));
}

/** `MemoryMax=`, in bytes. */
export function memoryMaxOf(unit: string): number {
  const told = /^MemoryMax=(\d+)$/m.exec(unit)?.[1];
  if (told === undefined) throw new Error('the unit has no MemoryMax');
  return Number(told);
}
