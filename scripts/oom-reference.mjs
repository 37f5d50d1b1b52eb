// The pages docs/reference/oom.md and oom.zh-CN.md from what `maque oom` can tell: who ends processes, why, and what to change.
const words = {
  en: {
    title: '# What kills processes for want of memory',
    other: '[中文](oom.zh-CN.md)',
    intro: `\`maque oom\` ([guide](../guide/en/after-a-kill.md)) tells of each kill who ended the process, why, and what to change. This page
explains all that it can say. Words in braces are filled in with what the log tells; a \`?\` stands where it does not.
\`--json\` prints what [oom.schema.json](oom.schema.json) describes: \`mechanism\`, and \`findings\` with these codes.`,
    mechanisms: '## Who ended it',
    mechanismColumns: ['mechanism', 'what it is'],
    what: 'What to look at:',
    causes: '## Why',
    fixes: '## What to change',
    fixIntro:
      'The lines themselves, with the numbers of the kill, are printed by the command: `NODE_OPTIONS=…`, `MemoryMax=…` and so on.',
    clocks: '## When',
    clockIntro:
      'Logs tell times in many ways. `clock` in `--json` says how surely the time of a kill, and so everything around it, is known.',
    clockColumns: ['clock', 'meaning'],
  },
  'zh-CN': {
    title: '# 内存不足时，是谁在杀进程',
    other: '[English](oom.md)',
    intro: `\`maque oom\`([指南](../guide/zh-CN/after-a-kill.md))对每次杀进程说明：是谁结束了它、为什么、怎么改。本页解释它可能说的全部内容。
花括号中的词由日志内容填入，日志没有写明的显示为 \`?\`。\`--json\` 的格式见 [oom.schema.json](oom.schema.json)：其中有
\`mechanism\`，以及带下列代码的 \`findings\`。`,
    mechanisms: '## 是谁结束的',
    mechanismColumns: ['mechanism', '是什么'],
    what: '看什么、怎么办：',
    causes: '## 为什么',
    fixes: '## 怎么改',
    fixIntro: '具体的内容连同该次的数字由命令打印，如 `NODE_OPTIONS=…`、`MemoryMax=…`。',
    clocks: '## 什么时候',
    clockIntro:
      '各种日志记录时间的方式不同。`--json` 中的 `clock` 说明该次的时间（以及前后发生的事）有多确定。',
    clockColumns: ['clock', '含义'],
  },
};

/** @returns the text of the page in one language */
export function renderOomReference({ mechanisms, causes, fixes, clocks }, language) {
  const word = words[language];
  const rows = Object.entries(mechanisms).map(
    ([name, { title }]) => `| [\`${name}\`](#${anchor(name)}) | ${textIn(title, language)} |`,
  );
  const parts = [
    word.title,
    word.other,
    word.intro,
    word.mechanisms,
    `${headOf(word.mechanismColumns)}\n${rows.join('\n')}`,
    ...Object.entries(mechanisms).flatMap(([name, { title, explanation, advice }]) => [
      `### <a id="${anchor(name)}"></a>${textIn(title, language)}`,
      `\`${name}\``,
      textIn(explanation, language),
      `**${word.what}** ${textIn(advice, language)}`,
    ]),
    word.causes,
    ...Object.entries(causes).flatMap(([code, { text, explanation }]) => [
      `### ${code}`,
      `> ${textIn(text, language)}`,
      textIn(explanation, language),
    ]),
    word.fixes,
    word.fixIntro,
    Object.values(fixes)
      .map(({ where, explanation }) => `- **${textIn(where, language)}.** ${textIn(explanation, language)}`)
      .join('\n'),
    word.clocks,
    word.clockIntro,
    [
      headOf(word.clockColumns),
      ...Object.entries(clocks).map(([name, text]) => `| \`${name}\` | ${textIn(text, language)} |`),
    ].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Headings of GitHub make their own anchors; links need one that is the same in both languages. */
function anchor(name) {
  return name.replaceAll('+', '-');
}

function headOf(columns) {
  return [columns, columns.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function textIn({ en, zh }, language) {
  return language === 'zh-CN' ? zh : en;
}
