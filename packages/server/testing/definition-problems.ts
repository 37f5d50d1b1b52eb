import { DefinitionError } from '../src/define/definition-error.ts';

/** The codes of what is wrong, with where. */
export function problemsOf(define: () => unknown): string[] {
  try {
    define();
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    return error.problems.map(({ code, where }) => `${code} ${where}`);
  }
}
