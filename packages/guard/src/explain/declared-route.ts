/**
 * The name under which the app knows what was seen as `GET /users/:id`: its own `GET /users/:name`, if it declares one
 * of that shape; of several the one with the fewest parameters.
 */
export function declaredRoute(seen: string, declared: readonly string[]): string {
  if (declared.includes(seen)) return seen;
  const fitting = declared.filter((route) => fits(seen, route));
  return fitting.sort((a, b) => parametersOf(a) - parametersOf(b))[0] ?? seen;
}

function fits(seen: string, declared: string): boolean {
  const [seenMethod, seenPath = ''] = split(seen);
  const [method, path = ''] = split(declared);
  const left = seenPath.split('/');
  const right = path.split('/');
  if (seenMethod !== method || left.length !== right.length) return false;
  return left.every((segment, index) => segment === right[index] || isParameter(right[index] ?? ''));
}

function split(route: string): string[] {
  return route.split(' ', 2);
}

function isParameter(segment: string): boolean {
  return segment.startsWith(':') || segment.startsWith('{') || segment.startsWith('*');
}

function parametersOf(route: string): number {
  return route.split('/').filter(isParameter).length;
}
