import { formatBytes, type Language, say, type Text } from '@maque/kit';
import type { GrowingClass, SnapshotComparison } from './compare-snapshots.ts';
import type { RetainerStep } from './retainer-paths.ts';

const WORDS = {
  totals: {
    en: '{nodesBefore} objects of {sizeBefore}, then {nodesAfter} of {sizeAfter}',
    zh: '之前 {nodesBefore} 个对象，{sizeBefore}；之后 {nodesAfter} 个，{sizeAfter}',
  },
  unrelated: {
    en: 'The two do not number objects alike (two processes, or an inspector was attached between them): only totals are compared',
    zh: '两个快照的对象编号不一致（来自不同进程，或其间连接过调试器）：只比较总量',
  },
  nothing: { en: 'Nothing grows', zh: '没有增长' },
  grown: {
    en: '{place}. {name}: {newCount} new, {owned} with all that hangs on them ({countBefore} → {countAfter})',
    zh: '{place}. {name}：新增 {newCount} 个，连同所引用的共 {owned}（{countBefore} → {countAfter}）',
  },
  counted: {
    en: '{place}. {name}: {sizeBefore} → {sizeAfter} ({countBefore} → {countAfter})',
    zh: '{place}. {name}：{sizeBefore} → {sizeAfter}（{countBefore} → {countAfter}）',
  },
  holder: {
    en: 'kept by {by} ({what}), which holds {entries} references',
    zh: '由 {by}（{what}）持有，共 {entries} 个引用',
  },
  buffers: {
    en: 'Memory of buffers outside the heap: {sizeBefore} → {sizeAfter}',
    zh: '堆外 Buffer 内存：{sizeBefore} → {sizeAfter}',
  },
} satisfies Record<string, Text>;

// More tells nothing that the first does not; --json has them all.
const MAX_SHOWN_PATHS = 1;

// The roots and modules that every path begins with take six.
const MAX_SHOWN_STEPS = 6;

/** A comparison for people, a fact a line. */
export function comparisonLines(comparison: SnapshotComparison, language: Language): string[] {
  const { before, after, growing, buffers, sameProcess } = comparison;
  const lines = [
    say(WORDS.totals, language, {
      nodesBefore: grouped(before.nodes),
      sizeBefore: formatBytes(before.size),
      nodesAfter: grouped(after.nodes),
      sizeAfter: formatBytes(after.size),
    }),
  ];
  if (!sameProcess) lines.push(say(WORDS.unrelated, language));
  if (growing.length === 0) lines.push(say(WORDS.nothing, language));
  for (const [place, grown] of growing.entries()) lines.push(...growingLines(grown, place + 1, language));
  if (buffers !== null && buffers.sizeAfter > buffers.sizeBefore) {
    lines.push(
      say(WORDS.buffers, language, {
        sizeBefore: formatBytes(buffers.sizeBefore),
        sizeAfter: formatBytes(buffers.sizeAfter),
      }),
    );
  }
  return lines;
}

/** A path on one line, roots first: `sessions Map → [*] Session`. */
export function pathText(steps: readonly RetainerStep[]): string {
  return steps.map(({ by, what }) => (by === '' || by === what ? what : `${by} ${what}`)).join(' → ');
}

function growingLines(grown: GrowingClass, place: number, language: Language): string[] {
  const { name, newCount, ownedGrowth, holder, paths } = grown;
  const data = {
    place,
    name,
    countBefore: grouped(grown.countBefore),
    countAfter: grouped(grown.countAfter),
    sizeBefore: formatBytes(grown.sizeBefore),
    sizeAfter: formatBytes(grown.sizeAfter),
  };
  const lines =
    newCount === null || ownedGrowth === null
      ? [say(WORDS.counted, language, data)]
      : [
          say(WORDS.grown, language, {
            ...data,
            newCount: grouped(newCount),
            owned: formatBytes(ownedGrowth),
          }),
        ];
  if (holder !== null) {
    const { by, what, entries } = holder;
    lines.push(`   ${say(WORDS.holder, language, { by, what, entries: grouped(entries) })}`);
  }
  return [...lines, ...paths.slice(0, MAX_SHOWN_PATHS).map(({ steps }) => `   ${shortPath(steps)}`)];
}

function shortPath(steps: readonly RetainerStep[]): string {
  return steps.length <= MAX_SHOWN_STEPS ? pathText(steps) : `… → ${pathText(steps.slice(-MAX_SHOWN_STEPS))}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
