import type { BoxPart } from './box-parts.ts';

// White text on each of them has a contrast of at least 4.5, so one set serves light and dark.
const COLOURS: Readonly<Record<'proxy' | 'app' | 'data' | 'beside', readonly string[]>> = {
  proxy: ['#0e7c86'],
  app: ['#2f5bea', '#6941c6', '#175cd3', '#8e3fc0'],
  data: ['#b54708', '#c0303f', '#93540c', '#a8326e'],
  beside: ['#5b6b85', '#7a6a53', '#4f7a5b', '#6b5b85'],
};

/** A fill for every part of a box: neighbours of the same kind differ. */
export function coloursOf(parts: readonly BoxPart[]): ReadonlyMap<BoxPart, string> {
  const seen = new Map<string, number>();
  return new Map(
    parts.map((part) => {
      const { role } = part;
      if (role === 'system') return [part, '#475467'];
      if (role === 'reserve') return [part, 'url(#maque-hatch)'];
      if (role === 'free') return [part, 'none'];
      const index = seen.get(role) ?? 0;
      seen.set(role, index + 1);
      return [part, COLOURS[role][index % COLOURS[role].length] ?? '#475467'];
    }),
  );
}

/** Looks in both modes; a viewer that does not know the question shows the light one. */
export const STYLE_SHEET = `
.maque{font-family:system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}
.paper{fill:#fff;stroke:#e4e7ec}.ink{fill:#1d2433}.soft{fill:#5d6b82}.white{fill:#fff}.alarm{fill:#c0303f}
.h1{font-size:20px;font-weight:650}.h2{font-size:14px;font-weight:600}.t{font-size:13px}.b{font-size:13px;font-weight:600}.s{font-size:12px}
.ground{fill:#f5f7fb;stroke:#c9d1df;stroke-width:1.5}.node{fill:#fff;stroke:#d5dbe6}.away{fill:#fff;stroke:#8a97ad;stroke-dasharray:5 4}
.chip{fill:#e9edf5}.edge{fill:none;stroke:#8a97ad;stroke-width:1.5}.tip{fill:#8a97ad}.icon{fill:none;stroke:#5d6b82;stroke-width:2}
.rest{fill:#eef1f6;stroke:#a9b4c6}.hatch{stroke:#8a97ad;stroke-width:2}.edgeline{stroke:#c0303f;stroke-width:2}.beyond{fill:#c0303f;fill-opacity:.18}
@media (prefers-color-scheme:dark){
.paper{fill:#11151d;stroke:#2a3242}.ink{fill:#e8ebf2}.soft{fill:#9aa7bd}.alarm{fill:#ff8088}
.ground{fill:#171d29;stroke:#3a465c}.node{fill:#1f2735;stroke:#35415a}.away{fill:#11151d;stroke:#6f7d96}
.chip{fill:#263045}.edge{stroke:#6f7d96}.tip{fill:#6f7d96}.icon{stroke:#9aa7bd}.rest{fill:#1a212e;stroke:#4a5770}.hatch{stroke:#6f7d96}.edgeline{stroke:#ff8088}}
`.trim();

export const DEFINITIONS =
  '<pattern id="maque-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  '<line x1="0" y1="0" x2="0" y2="8" class="hatch"/></pattern>' +
  '<marker id="maque-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">' +
  '<path d="M0 0.8 L7.4 4 L0 7.2 z" class="tip"/></marker>';
