/**
 * Takes the one-time link out of `#link=…`, and out of the address bar and the tab's history, so that neither a
 * screenshot nor a bookmark carries it.
 */
export function takeClaimLink(location: Location, history: History): string | undefined {
  const link = new URLSearchParams(location.hash.slice(1)).get('link');
  if (link === null) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return link === '' ? undefined : link;
}
