/** What cleans HTML, once it is loaded. */
let clean: ((html: string) => string) | undefined;

/** Loads what cleans HTML: 0.6 MiB that apps without rich text do not pay. */
export async function loadHtmlFilter(): Promise<void> {
  clean ??= (await import('./html-filter.ts')).cleanHtml;
}

/** HTML of which only what is harmless is left. @throws Error before {@link loadHtmlFilter}. */
export function cleanRichText(html: string): string {
  if (clean === undefined) throw new Error('rich text is taken before its filter was loaded');
  return clean(html);
}
