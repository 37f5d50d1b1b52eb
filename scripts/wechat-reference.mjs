// The pages docs/reference/wechat.md and wechat.zh-CN.md, from what @maque/wechat/reference says of the code.

const words = {
  en: {
    title: '# WeChat: calls and errors',
    intro: `Every API of WeChat that Maque calls: how, under which name WeChat documents it, what it may be refused with, and
what to do then. In code: \`error.code\`, \`error.errcode\` (\`error.wechatCode\` for payments) and
\`error.adviceIn('en')\`. Words in braces are filled in from the error. ● marks what operators are told.`,
    page: 'page: ',
    common: 'Any of these calls may be refused with',
    failures: 'Failures that WeChat has no code for',
    none: 'No errors of its own.',
    columns: ['WeChat says', '`error.code`', 'HTTP', 'meaning', 'what to do', 'alert'],
    other: '[中文](wechat.zh-CN.md)',
  },
  'zh-CN': {
    title: '# 微信接口与错误',
    intro: `Maque 调用的每个微信接口：如何调用、在微信文档中的名称、可能返回的错误以及处理办法。代码中对应
\`error.code\`、\`error.errcode\`(支付为 \`error.wechatCode\`)与 \`error.adviceIn('zh-CN')\`。花括号中的词由错误自带的数据填入。● 表示会通知运维。`,
    page: '文档：',
    common: '以上接口都可能返回',
    failures: '微信没有错误码的失败',
    none: '没有特有的错误。',
    columns: ['微信返回', '`error.code`', 'HTTP', '含义', '处理办法', '告警'],
    other: '[English](wechat.md)',
  },
};

/** @returns the text of the page in one language. */
export function renderWechatReference(reference, language) {
  const { title, intro, other } = words[language];
  const parts = reference.map((part) => renderPart(part, language));
  return `${title}\n\n${other}\n\n${intro}\n\n${parts.join('\n')}`;
}

function renderPart(part, language) {
  const { common, failures } = words[language];
  const sections = part.sections.map((section) => renderSection(section, language));
  return `## ${textIn(part.title, language)}

\`${part.host}\`

${sections.join('\n')}
### ${common}

${table(part.common, language)}
### ${failures}

${table(part.failures, language)}`;
}

function renderSection(section, language) {
  const calls = section.calls.map((call) => renderCall(call, language));
  return `### ${textIn(section.title, language)}\n\n${calls.join('\n')}`;
}

function renderCall(call, language) {
  const { page, none } = words[language];
  // What is called by itself has a remark in brackets there.
  const heading = call.call.startsWith('(') ? call.page : `\`${call.call}\``;
  const errors = call.errors.length === 0 ? `${none}\n` : table(call.errors, language);
  return `#### ${heading}

${textIn(call.summary, language)}

\`${call.method} ${call.path}\` · ${page}${call.page}

${errors}`;
}

function table(errors, language) {
  const { columns } = words[language];
  const rows = errors.map(({ said, code, status, meaning, advice, alert }) => [
    said === null ? '' : `\`${said}\``,
    `\`${code}\``,
    status,
    textIn(meaning, language),
    textIn(advice, language),
    alert ? '●' : '',
  ]);
  const lines = [columns, columns.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map(cell).join(' | ')} |`,
  );
  return `${lines.join('\n')}\n`;
}

function cell(content) {
  return String(content).replaceAll('|', '\\|');
}

function textIn(text, language) {
  return language === 'en' ? text.en : text.zh;
}
