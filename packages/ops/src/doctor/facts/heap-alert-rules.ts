import type { Host } from '../host/host.ts';
import { type AppSource, findLine } from './app-sources.ts';
import { pathsLike } from './paths-like.ts';

export interface HeapAlertRule {
  /** `/etc/prometheus/rules/node.yml:12`. */
  readonly at: string;
  readonly what: string;
}

/** Where rules of Prometheus and Grafana lie: of packages, by hand, of 1Panel. */
const RULES = [
  '/etc/prometheus/*.y*ml',
  '/etc/prometheus/*.rules',
  '/etc/prometheus/*/*.y*ml',
  '/etc/prometheus/*/*.rules',
  '/usr/local/prometheus/*.y*ml',
  '/usr/local/prometheus/*/*.y*ml',
  '/opt/prometheus/*.y*ml',
  '/opt/prometheus/*/*.y*ml',
  '/opt/1panel/apps/prometheus/*/conf/*.y*ml',
  '/etc/grafana/provisioning/alerting/*.y*ml',
];
const MOST_FILES = 100;
/** Names of prom-client's and OpenTelemetry's metrics, used and total, one divided by the other. */
const IN_RULES =
  /heap(_size)?_used(_bytes)?(\{[^}]*\})?[\s)]*\/[\s(]*\w*heap(_size)?_total|heap_size_used_bytes(\{[^}]*\})?[\s)]*\/[\s(]*\w*heap_size_total/i;
const IN_CODE = /heapUsed\s*\)?\s*\/\s*\(?\s*[\w.()[\]]*heapTotal/;

export interface HeapAlertRules {
  readonly found: readonly HeapAlertRule[];
  readonly looked: number;
  readonly refused: readonly string[];
}

/** Alerts that divide the used heap by the total heap, in rules and in the apps' own code. */
export async function readHeapAlertRules(host: Host, sources: readonly AppSource[]): Promise<HeapAlertRules> {
  const paths = (await Promise.all(RULES.map((pattern) => pathsLike(host, pattern)))).flat();
  const found: HeapAlertRule[] = [];
  const refused: string[] = [];
  for (const path of paths.slice(0, MOST_FILES)) {
    const text = await host.read(path);
    if (text.kind === 'unreadable') refused.push(path);
    if (text.kind === 'value')
      found.push(...ruleIn({ path, text: text.value }, IN_RULES, 'heap_used / heap_total'));
  }
  for (const source of sources) found.push(...ruleIn(source, IN_CODE, 'heapUsed / heapTotal'));
  return { found, looked: paths.length + sources.length, refused };
}

function ruleIn(source: AppSource, pattern: RegExp, what: string): readonly HeapAlertRule[] {
  const line = findLine(source.text, pattern);
  return line === undefined ? [] : [{ at: `${source.path}:${line.number}`, what }];
}
