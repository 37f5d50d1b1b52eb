// The pages docs/reference/render.md and render.zh-CN.md: every number in the files of `maque render`, from the meanings of the
// targets, and from what they make of some usual servers.

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;

const words = {
  en: {
    title: '# What is rendered',
    other: '[中文](render.zh-CN.md)',
    intro: `\`maque render\` makes these files from a plan ([guide](../guide/en/rendering.md)). Above every number in them stands its name and a
clause; here is the rest: what it does, what happens when it is too small or too large, and where it comes from.

Examples are of a server with 2 GiB and two cores that runs nginx, Maque, MariaDB and Redis, or of one with more on it: on yours
the numbers are yours.`,
    columns: ['target', 'what it is', 'where it goes'],
    places: { server: 'this server', project: 'the project', elsewhere: 'another machine' },
    files: 'Files',
    source: 'Where it comes from:',
    example: 'Example',
    numbers: 'Numbers',
  },
  'zh-CN': {
    title: '# 生成的文件',
    other: '[English](render.md)',
    intro: `\`maque render\` 按规划生成以下文件([指南](../guide/zh-CN/rendering.md))。文件里每个数字上方都写着它的名称和一句说明；这里是其余内容：作用、太小或太大会怎样、出处。

示例取自一台 2 GiB、双核、运行 nginx、Maque、MariaDB 和 Redis 的服务器，或服务更多的一台；在你的机器上会是你的数字。`,
    columns: ['目标', '内容', '写到哪里'],
    places: { server: '本服务器', project: '项目', elsewhere: '其他机器' },
    files: '文件',
    source: '出处：',
    example: '示例',
    numbers: '数字',
  },
};

const load = { program: 'shop', dau: 5_000, payments: true };
const small = {
  memoryBytes: 1960 * MiB,
  bound: 'box',
  cores: 2,
  bandwidthBitsPerSecond: 4e6,
  diskBytes: 30 * GiB,
};
/** Servers that have everything between them that can be rendered. */
const requests = [
  {
    box: small,
    services: [
      { kind: 'nginx', name: 'nginx' },
      { kind: 'maque', name: 'shop', workers: 2 },
      { kind: 'mariadb', name: 'mariadb', dataBytes: GiB },
      { kind: 'redis', name: 'redis', dataBytes: 64 * MiB, role: 'cache' },
    ],
    load,
  },
  {
    box: { ...small, memoryBytes: 7800 * MiB, cores: 4 },
    services: [
      { kind: 'nginx', name: 'nginx' },
      {
        kind: 'maque',
        name: 'shop',
        workers: 2,
        server: { bodyLimitBytes: 2 * MiB, cacheBytes: 16 * MiB },
      },
      { kind: 'maque', name: 'staging', workers: 1 },
      { kind: 'node', name: 'chat', keptBy: 'keeper' },
      { kind: 'node', name: 'push', keptBy: 'systemd' },
      { kind: 'node', name: 'old', keptBy: 'pm2' },
      { kind: 'java', name: 'report', framework: 'spring-boot' },
      { kind: 'java', name: 'ledger', framework: 'tomcat' },
      { kind: 'java', name: 'search', framework: 'plain' },
      { kind: 'python', name: 'faces', server: 'gunicorn' },
      { kind: 'python', name: 'words', server: 'uvicorn' },
      { kind: 'mysql', name: 'mysql', performanceSchema: true },
      { kind: 'redis', name: 'queue', role: 'queue', persistent: true },
      { kind: 'watcher', name: 'prometheus', program: 'prometheus' },
      { kind: 'watcher', name: 'alertmanager', program: 'alertmanager' },
      { kind: 'watcher', name: 'earlyoom', program: 'earlyoom' },
      { kind: 'watcher', name: 'node-exporter', program: 'node_exporter' },
    ],
    load: { ...load, sockets: 500, uploadsPerDay: 1_000 },
  },
  {
    box: { ...small, diskBytes: 2 * GiB },
    services: [{ kind: 'maque', name: 'shop' }],
    load: { program: 'tool' },
  },
];

/** @returns the text of the page in one language */
export function renderRenderReference({ targets, renderOptions, planBox }, language) {
  const { title, other, intro, columns, places } = words[language];
  const files = exampleFiles({ targets, renderOptions, planBox }, language);
  const rows = targets.map(
    ({ name, summary, belongsTo }) =>
      `| [${name}](#${name}) | ${textIn(summary, language)} | ${places[belongsTo]} |`,
  );
  const head = [columns, columns.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const parts = targets.map((target) =>
    section(
      target,
      files.filter((file) => file.target === target.name),
      language,
    ),
  );
  return `${title}\n\n${other}\n\n${intro}\n\n${head}\n${rows.join('\n')}\n\n${parts.join('\n')}`;
}

function exampleFiles({ targets, renderOptions, planBox }, language) {
  return requests.flatMap((request, index) => {
    const plan = planBox(request);
    if (!plan.fits) throw new Error(`example ${index} does not fit: ${JSON.stringify(plan.changes)}`);
    const environments = request.services.some(({ name }) => name === 'staging') ? ['staging'] : [];
    const options = renderOptions({ language, environments });
    return targets.flatMap((target) => target.render(plan, options));
  });
}

function section({ name, summary, meanings }, files, language) {
  const { files: filesTitle } = words[language];
  const paths = [...new Set(files.map(({ path }) => path))];
  const list = paths.map((path) => `\`${path}\``).join(' · ');
  // Headings of GitHub make their own anchors; links need one that is the same in both languages.
  const parts = [
    `## <a id="${name}"></a>${name}`,
    `${textIn(summary, language)}.`.replace(/\.$/, language === 'en' ? '.' : '。'),
    ...(paths.length === 0 ? [] : [`**${filesTitle}** ${list}`]),
    ...Object.values(meanings).map((meaning) => part(meaning, files, language)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function part({ id, short, explanation, source }, files, language) {
  const { source: sourceTitle, example: exampleTitle } = words[language];
  const example = exampleOf(id, files);
  const lines = [
    `### <a id="${id.toLowerCase()}"></a>${id}`,
    `**${textIn(short, language)}**`,
    textIn(explanation, language),
    `**${sourceTitle}** ${textIn(source, language)}`,
  ];
  if (example !== undefined)
    lines.push(
      `**${exampleTitle}** (\`${example.path}\`)`,
      `\`\`\`text\n${example.lines.join('\n')}\n\`\`\``,
    );
  return lines.join('\n\n');
}

/** The remark on a number and the line with the number, of the file that tells how it came about, or of the first. */
function exampleOf(id, files) {
  const isRemark = new RegExp(`^\\s*\\S{0,3}\\s*${id.replaceAll('.', '\\.')}(:| = )`);
  const found = files.flatMap(({ path, content }) => {
    const lines = content.split('\n');
    return lines.flatMap((line, index) => {
      if (!isRemark.test(line)) return [];
      const value = lines.slice(index + 1).find((next) => !/^\s*(#|\/\/|$)/.test(next));
      if (value === undefined) return [];
      const dedent = (text) => text.trim();
      return [{ path, hasFormula: line.includes(`${id} = `), lines: [dedent(line), cut(dedent(value))] }];
    });
  });
  return found.find(({ hasFormula }) => hasFormula) ?? found[0];
}

const LONGEST = 160;

function cut(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}

function textIn({ en, zh }, language) {
  return language === 'zh-CN' ? zh : en;
}
