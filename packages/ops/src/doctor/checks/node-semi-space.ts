import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { adviseSemiSpace } from '../facts/advised-heap.ts';
import type { NodeGroup } from '../facts/node-groups.ts';
import { type NodeProcess, nameNode } from '../facts/node-processes.ts';
import { defaultSemiSpaceMb } from '../facts/v8-heap.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import { setNodeFlags } from '../repairs/set-node-flags.ts';

/** From Node 24 on the default is a multiple of what suits a small heap. */
const FIRST_MAJOR = 24;
/** Up to here the young generation takes a noticeable part of the room for promotion. */
const SMALL_HEAP_MB = 256;

const UNSET: Text = {
  en: '{name}: an old space of {old} MB with the default semi-space of {semi} MB; the young generation takes {young} MB on top of it',
  zh: '{name}：老生代 {old} MB，半空间用默认的 {semi} MB；新生代会在此之外再占 {young} MB',
};

export const nodeSemiSpace: Check = {
  id: 'C4',
  name: 'node-semi-space',
  group: 'node',
  title: { en: 'Semi-space of a small heap', zh: '小堆的半空间（semi-space）' },
  why: {
    en: 'The default of the semi-space follows the memory of the machine and not the heap that was asked for. On 2 GiB with an old space of 128 MB it cost 2.5 times the CPU and 50 MiB more than 4 MB; with 64 MB one run in four died of heap exhaustion (Node 24).',
    zh: '半空间的默认值只看机器内存，不看设置的堆大小。2 GiB 上老生代 128 MB 时，默认值比 4 MB 多用 1.5 倍 CPU、多占 50 MiB；64 MB 时四次里有一次堆耗尽（Node 24）。',
  },
  explanation: {
    en: 'New objects live in the semi-spaces first, and what survives moves to the old space. V8 reserves three of them. Large ones spare a large heap some work, and crowd out a small one.',
    zh: '新对象先放在半空间里，存活下来的再移到老生代。V8 会留出三个半空间。半空间大，对大堆有好处，对小堆则会挤占空间。',
  },
  async look(patient) {
    const groups = await patient.nodeGroups();
    if (groups.kind === 'absent') return NOT_APPLICABLE;
    if (groups.kind !== 'value') return [cannotRead('/proc', groups)];
    const outcomes = groups.value.flatMap((group) => judgeOnce(group));
    return outcomes.length === 0 ? NOT_APPLICABLE : outcomes;
  },
};

/** Workers of the same app and flags are told once. */
function judgeOnce(group: NodeGroup): readonly Outcome[] {
  const different = new Map(
    group.apps.map((app) => [`${nameNode(app)} ${app.flags.oldSpaceMb} ${app.flags.semiSpaceMb}`, app]),
  );
  return [...different.values()].flatMap((app) => judge(app, group) ?? []);
}

/** Nothing where the heap has no limit: that is what has to be set first. */
function judge(app: NodeProcess, { seenBytes }: NodeGroup): Outcome | undefined {
  const { oldSpaceMb, semiSpaceMb } = app.flags;
  if (oldSpaceMb === undefined) return undefined;
  const name = nameNode(app);
  if (semiSpaceMb !== undefined)
    return { kind: 'ok', evidence: `${name}: --max-semi-space-size=${semiSpaceMb}` };
  if (app.version.kind === 'unreadable') return cannotRead(`${name}: node --version`, app.version);
  if (app.version.kind === 'absent' || !app.knowsFlags)
    return cannotRead(`${name}: NODE_OPTIONS, node --version`, { kind: 'absent' });
  const { major, text } = app.version.value;
  const semi = defaultSemiSpaceMb(seenBytes, major);
  const advised = adviseSemiSpace(oldSpaceMb);
  const evidence = `${name}: Node ${text}, --max-old-space-size=${oldSpaceMb}, semi-space ${semi} MB by default`;
  if (major < FIRST_MAJOR || semi <= advised) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: oldSpaceMb <= SMALL_HEAP_MB ? 'warning' : 'info',
    text: UNSET,
    data: { name, old: oldSpaceMb, semi, young: 3 * semi },
    evidence,
    fix: setNodeFlags(app, [`--max-old-space-size=${oldSpaceMb}`, `--max-semi-space-size=${advised}`]),
  };
}
