/** In a shell: the variable, or what stands here where it is not set. The value is plain, without quotes or spaces. */
export function unlessSet(variable: string, value: string | number): string {
  return `\${${variable}:-${value}}`;
}

/** A line that sets a variable of the environment unless it was set from outside. */
export function exportUnlessSet(variable: string, value: string | number): string {
  return `export ${variable}="${unlessSet(variable, value)}"`;
}
