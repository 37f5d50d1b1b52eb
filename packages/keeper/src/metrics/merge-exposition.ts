/** One process's metrics and the name it goes by. */
export interface LabelledText {
  readonly worker: string;
  /** Prometheus text, version 0.0.4. */
  readonly text: string;
}

interface Family {
  /** The HELP and TYPE lines, as the first process that has the family writes them. */
  readonly head: string[];
  readonly samples: string[];
}

// What histograms and summaries put behind the name of their family.
const SUFFIX = /_(?:bucket|sum|count)$/;

const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*)(?: |$)/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(\{?)/;

/**
 * Joins the metrics of several processes into one text: every sample gets a `worker` label, and the samples of a family
 * stand together under one HELP and one TYPE, as the format demands. Lines that are neither are left out.
 */
export function mergeExpositions(parts: Iterable<LabelledText>): string {
  const families = new Map<string, Family>();
  for (const part of parts) collect(families, part);
  const lines: string[] = [];
  for (const { head, samples } of families.values()) {
    if (samples.length > 0) lines.push(...head, ...samples);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function collect(families: Map<string, Family>, { worker, text }: LabelledText): void {
  const label = `worker="${worker}"`;
  for (const line of text.split('\n')) {
    const comment = COMMENT.exec(line);
    if (comment !== null) addHead(familyOf(families, comment[2] ?? ''), line, comment[1] ?? '');
    const sample = SAMPLE.exec(line);
    if (sample === null) continue;
    const [start, name = '', brace] = sample;
    const rest = line.slice(start.length);
    const labels = brace === '' ? `{${label}}` : rest.startsWith('}') ? `{${label}` : `{${label},`;
    familyOf(families, familyName(families, name)).samples.push(`${name}${labels}${rest}`);
  }
}

function familyName(families: ReadonlyMap<string, Family>, sample: string): string {
  const base = sample.replace(SUFFIX, '');
  return families.has(sample) || !families.has(base) ? sample : base;
}

function familyOf(families: Map<string, Family>, name: string): Family {
  const family = families.get(name) ?? { head: [], samples: [] };
  families.set(name, family);
  return family;
}

function addHead({ head }: Family, line: string, kind: string): void {
  if (!head.some((known) => known.startsWith(`# ${kind} `))) head.push(line);
}
