import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { type NodeProcess, nameNode, wordsAfterProgram } from '../facts/node-processes.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Programs that watch, compile or reload, and belong on a laptop. Of a word only its last part is compared. */
const DEVELOPMENT_PROGRAMS =
  /^(nodemon|ts-node|ts-node-dev|ts-node-esm|tsx|vite|webpack-dev-server|vue-cli-service|react-scripts|node-dev)$/;
/** Those that do both, and for which a word tells. */
const WITH_DEVELOPMENT_WORD = /^(next|nuxt|nuxi|egg-bin|midway-bin|umi|nest|maque)$/;
const DEVELOPMENT_WORD = /^(dev|--watch|watch)$/;
const LOADERS =
  /(^|\/)(ts-node\/(register|esm)|tsx(\/esm|\/cjs)?|@swc-node\/register|@babel\/register)(\/|$)/;
const LOOPBACK = /^(127\.|localhost:|\[?::1\]?:)/;

const OPEN_INSPECTOR: Text = {
  en: '{name}: its inspector listens on {address}; whoever reaches it runs any code',
  zh: '{name}：调试端口监听在 {address}；任何能连上的人都能执行任意代码',
};
const LOCAL_INSPECTOR: Text = {
  en: '{name}: its inspector listens on {address}; every user of this box can run code in it',
  zh: '{name}：调试端口监听在 {address}；本机任何用户都能在其中执行代码',
};
const DEVELOPMENT_PROGRAM: Text = {
  en: '{name} is run by {program}, which watches and compiles in memory',
  zh: '{name} 由 {program} 运行，它会监视文件并在内存里编译',
};
const DEVELOPMENT_ENVIRONMENT: Text = {
  en: '{name}: NODE_ENV is {value}',
  zh: '{name}：NODE_ENV 为 {value}',
};
const HIDDEN: Text = {
  en: '{name}: its environment cannot be read, so NODE_ENV is not known; run the doctor as root',
  zh: '{name}：无法读取环境变量，NODE_ENV 未知；请以 root 运行',
};

export const nodeDevelopmentMode: Check = {
  id: 'C8',
  name: 'node-development-mode',
  group: 'node',
  title: { en: 'Development mode in production', zh: '生产环境用了开发模式' },
  why: {
    en: 'Compilers and watchers keep 100 MiB and more beside the app, frameworks in development mode cache nothing and show stack traces, and an inspector that can be reached from outside is remote code execution.',
    zh: '编译与监视工具会额外占用 100 MiB 以上；框架在开发模式下不缓存、还会暴露堆栈；对外可达的调试端口等于远程代码执行。',
  },
  explanation: {
    en: 'What is handy on a laptop (restart on each change, TypeScript without a build, a debugger) costs memory and safety on a server. There the built JavaScript runs, with NODE_ENV=production.',
    zh: '开发机上方便的东西（改动即重启、免编译 TypeScript、调试器）在服务器上既费内存又不安全。服务器应运行编译后的 JavaScript，并设置 NODE_ENV=production。',
  },
  async look(patient) {
    const found = await patient.nodeProcesses();
    if (found.kind === 'absent') return NOT_APPLICABLE;
    if (found.kind !== 'value') return [cannotRead('/proc', found)];
    const outcomes = found.value.flatMap((node) => [...inspector(node), ...mode(node)]);
    const different = new Map(outcomes.map((outcome) => [JSON.stringify(outcome), outcome]));
    return different.size === 0 ? NOT_APPLICABLE : [...different.values()];
  },
};

function inspector(node: NodeProcess): readonly Outcome[] {
  const address = node.flags.inspector;
  if (address === undefined) return [];
  const isLocal = LOOPBACK.test(address);
  return [
    {
      kind: 'finding',
      severity: isLocal ? 'warning' : 'critical',
      text: isLocal ? LOCAL_INSPECTOR : OPEN_INSPECTOR,
      data: { name: nameNode(node), address },
      evidence: `--inspect=${address}`,
      fix: [
        {
          where: {
            en: 'take the flag away; when it is needed, open it on this box only, through SSH',
            zh: '去掉该参数；需要时只在本机打开，通过 SSH 转发访问',
          },
          lines: ['kill -USR1 PID', 'ssh -N -L 9229:127.0.0.1:9229 user@server'],
        },
      ],
    },
  ];
}

function mode(node: NodeProcess): readonly Outcome[] {
  const name = nameNode(node);
  const program = developmentProgram(node);
  if (program !== undefined)
    return [
      warning(DEVELOPMENT_PROGRAM, { name, program }, program, [
        'npm run build',
        'NODE_ENV=production node dist/main.js',
      ]),
    ];
  if (node.role !== 'app') return [];
  const { environment } = node.process;
  const value = environment?.get('NODE_ENV') ?? node.pm2?.nodeEnv;
  if (value === undefined && environment === null)
    return [{ kind: 'unknown', reason: HIDDEN, data: { name } }];
  if (/^dev/i.test(value ?? ''))
    return [warning(DEVELOPMENT_ENVIRONMENT, { name, value }, `NODE_ENV=${value}`, ['NODE_ENV=production'])];
  return [{ kind: 'ok', evidence: `${name}: NODE_ENV ${value ?? 'unset'}` }];
}

function warning(
  text: Text,
  data: Record<string, unknown>,
  evidence: string,
  lines: readonly string[],
): Outcome {
  const where = { en: 'where the app is started', zh: '启动应用的地方' };
  return { kind: 'finding', severity: 'warning', text, data, evidence, fix: [{ where, lines }] };
}

/** Its name; the other words may hold secrets. */
function developmentProgram(node: NodeProcess): string | undefined {
  const words = wordsAfterProgram(node.process);
  // `node_modules/.bin/tsx`, `node_modules/tsx/dist/cli.mjs`, `nodemon/bin/nodemon.js`.
  const [script = ''] = words;
  const parts = script.replace(/\.[cm]?[jt]s$/, '').split('/');
  const packages = parts.filter((_, index) => ['node_modules', '.bin'].includes(parts[index - 1] ?? ''));
  const names = [...packages, parts.at(-1) ?? ''];
  const program = names.find((name) => DEVELOPMENT_PROGRAMS.test(name));
  if (program !== undefined) return program;
  const both = names.find((name) => WITH_DEVELOPMENT_WORD.test(name));
  if (both !== undefined && words.slice(1).some((word) => DEVELOPMENT_WORD.test(word))) return `${both} dev`;
  if (node.flags.watches) return 'node --watch';
  const loader = node.process.commandLine.find((word, index) =>
    isLoader(word, node.process.commandLine[index - 1]),
  );
  return loader === undefined ? undefined : (LOADERS.exec(loader)?.[2] ?? 'a loader');
}

function isLoader(word: string, before = ''): boolean {
  const value = /^--(?:require|import|loader|experimental-loader)=(.*)$/.exec(word)?.[1];
  const isValue = /^(-r|--require|--import|--loader|--experimental-loader)$/.test(before);
  return (value !== undefined || isValue) && LOADERS.test(value ?? word);
}
