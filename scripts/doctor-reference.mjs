// The pages docs/reference/doctor.md and doctor.zh-CN.md, and the schema of `maque doctor --json`, from the checks: what they say
// of themselves, the constants in their sources, and what their tests make them find.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinnedEnv, pinnedNode, root } from './pinned-node.mjs';
import { mustRun } from './run-command.mjs';

const words = {
  en: {
    title: '# What the doctor looks at',
    other: '[中文](doctor.zh-CN.md)',
    intro: `\`maque doctor\` does these {count} checks ([guide](../guide/en/doctor.md)). Each says \`ok\`, finds something (🔴 critical, 🟡 warning,
⚪ remark), is \`unknown\` where it could not look, which is never the same as fine, or is not applicable. Exit code: 2 with a
critical finding, 1 with a warning or where nothing could be seen, else 0. \`--json\` prints what
[doctor.schema.json](doctor.schema.json) describes.

Words in braces are filled in with what was seen. Lines to copy are those for the servers of our tests: on yours the names
and numbers are yours.`,
    columns: ['check', 'name', 'what it looks at'],
    why: 'Why:',
    thresholds: 'Thresholds',
    says: 'What it finds',
    fix: 'What to do',
    mends: '`maque doctor --fix` does it.',
  },
  'zh-CN': {
    title: '# 体检项目',
    other: '[English](doctor.md)',
    intro: `\`maque doctor\` 做以下 {count} 项检查([指南](../guide/zh-CN/doctor.md))。每项的结果是：\`ok\`；发现问题（🔴 严重、🟡 警告、⚪ 提示）；
无法查看时为 \`unknown\`，绝不等于正常；或不涉及。退出码：有严重问题为 2，有警告或什么都没看到为 1，否则为 0。\`--json\` 的格式见
[doctor.schema.json](doctor.schema.json)。

花括号中的词由实际所见填入。可复制的内容取自我们测试用的服务器，在你的机器上会是你的名称和数字。`,
    columns: ['编号', '名称', '检查什么'],
    why: '原因：',
    thresholds: '阈值',
    says: '可能的发现',
    fix: '怎么做',
    mends: '`maque doctor --fix` 可自动完成。',
  },
};
const marks = { critical: '🔴', warning: '🟡', info: '⚪' };
const severities = Object.keys(marks);
const sources = join(root, 'packages', 'ops', 'src', 'doctor', 'checks');

/** @returns what the tests make each check find, by id */
export async function collectFindings(checks) {
  const folder = mkdtempSync(join(tmpdir(), 'maque-findings-'));
  try {
    const config = ['--config', 'packages/ops/testing/collect-findings.config.ts', '--root', root];
    const env = { ...pinnedEnv(), MAQUE_COLLECT_FINDINGS: folder };
    const vitest = join(root, 'node_modules', '.bin', 'vitest');
    await mustRun(pinnedNode(), [vitest, 'run', ...config], { env, quiet: true });
    const all = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
    mustBeSeen(
      checks,
      all.flatMap(({ seen }) => seen),
    );
    return Map.groupBy(
      all.flatMap(({ found }) => found),
      ({ id }) => id,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every check has a healthy, a sick and an unreadable server among its tests. */
function mustBeSeen(checks, seen) {
  const kinds = Map.groupBy(seen, ({ id }) => id);
  const lacking = checks.flatMap(({ id, name }) => {
    const all = new Set(kinds.get(id)?.flatMap((one) => one.kinds));
    const missing = ['ok', 'finding', 'unknown'].filter((kind) => !all.has(kind));
    return missing.length === 0 ? [] : [`${id} ${name}: ${missing.join(', ')}`];
  });
  if (lacking.length > 0) throw new Error(`no test makes these checks say:\n${lacking.join('\n')}`);
}

/** @returns the text of the page in one language */
export function renderDoctorReference({ checks, groupTitles, say }, found, language) {
  const { title, other, intro, columns } = words[language];
  const parts = Object.entries(groupTitles).map(([group, groupTitle]) => {
    const members = checks.filter((check) => check.group === group);
    const rows = members.map(
      (check) =>
        `| [${check.id}](#${check.id.toLowerCase()}) | \`${check.name}\` | ${textIn(check.title, language)} |`,
    );
    const sections = members.map((check) => section(check, found.get(check.id) ?? [], say, language));
    return `## ${textIn(groupTitle, language)}\n\n${headOf(columns)}\n${rows.join('\n')}\n\n${sections.join('\n')}`;
  });
  return `${title}\n\n${other}\n\n${intro.replace('{count}', checks.length)}\n\n${parts.join('\n')}`;
}

function headOf(columns) {
  return [columns, columns.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function section(check, found, say, language) {
  const { why, thresholds, says, fix, mends } = words[language];
  // Headings of GitHub make their own anchors; links need one that is the same in both languages.
  const parts = [
    `### <a id="${check.id.toLowerCase()}"></a>${check.id} ${textIn(check.title, language)}`,
    textIn(check.explanation, language),
    `**${why}** ${textIn(check.why, language)}`,
  ];
  const constants = constantsOf(check, language);
  if (constants.length > 0) parts.push(`**${thresholds}**`, fenced('ts', constants));
  const findings = kindsOf(found);
  if (findings.length > 0) {
    parts.push(
      `**${says}**`,
      findings.map(({ text }) => `- ${marksOf(found, text)} ${textIn(text, language)}`).join('\n'),
    );
  }
  const fixes = fixesOf(findings, say, language);
  if (fixes.length > 0) parts.push(`**${fix}**`, ...fixes);
  if (findings.some(({ mendable }) => mendable)) parts.push(mends);
  return `${parts.join('\n\n')}\n`;
}

/** Of each sentence one, with its worst severity; always the same, in whatever order tests ran. */
function kindsOf(found) {
  const byText = Map.groupBy(
    found.map(({ finding }) => finding),
    ({ text }) => text.en,
  );
  const worst = (findings) =>
    findings.toSorted((a, b) => rank(a) - rank(b) || compare(JSON.stringify(a), JSON.stringify(b)))[0];
  return [...byText.values()]
    .map(worst)
    .toSorted((a, b) => rank(a) - rank(b) || compare(a.text.en, b.text.en));
}

/** Every severity that a sentence came with. */
function marksOf(found, text) {
  const seen = new Set(
    found.filter(({ finding }) => finding.text.en === text.en).map(({ finding }) => finding.severity),
  );
  return severities
    .filter((severity) => seen.has(severity))
    .map((severity) => marks[severity])
    .join('');
}

function rank({ severity }) {
  return severities.indexOf(severity);
}

function compare(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Each way of mending once, though several findings end in it. */
function fixesOf(findings, say, language) {
  const all = findings.flatMap(({ fix, data }) =>
    fix.map(({ where, lines }) => ({ key: where.en, where: say(where, language, data), lines })),
  );
  const ways = new Map(all.toReversed().map((fix) => [fix.key, fix]));
  return [...ways.values()]
    .toReversed()
    .flatMap(({ where, lines }) => [
      `${where}${language === 'en' ? ':' : ':'}`,
      ...(lines.length === 0 ? [] : [fenced('text', lines)]),
    ]);
}

/** Numbers by which a check decides, with the reasons that stand above them. */
function constantsOf({ id }, language) {
  const file = readdirSync(sources).find(
    (name) => !name.endsWith('.test.ts') && readFileSync(join(sources, name), 'utf8').includes(`id: '${id}'`),
  );
  if (file === undefined) return [];
  const pattern =
    /^((?:\/\/.*\n|\/\*\*[^*]*(?:\*(?!\/)[^*]*)*\*\/\n)*)(?:export )?const ([A-Z][A-Z0-9_]*)(?:: \w+)? = (-?[\d.][^;{[`'"]*);$/gm;
  return [...readFileSync(join(sources, file), 'utf8').matchAll(pattern)]
    .filter(([, , name]) => !/^(SHOWN_.*|MOST_SHOWN|MOST_ASKED)$/.test(name))
    .flatMap(([, comment, name, value]) => {
      // Comments are in English; what they say stands in the reason above, too.
      const reasons = language === 'en' ? comment.split('\n').filter((line) => line !== '') : [];
      return [...reasons, `${name} = ${value}`];
    });
}

function fenced(language, lines) {
  return [`\`\`\`\`${language}`, ...lines, '````'].join('\n');
}

function textIn({ en, zh }, language) {
  return language === 'zh-CN' ? zh : en;
}
