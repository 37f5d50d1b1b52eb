import { formatBytes, say, type Text } from '@maque/kit';
import {
  formatBandwidth,
  type PlanRequest,
  Problems,
  readToldRequest,
  serviceWords,
  type ToldRequest,
} from '@maque/ops/plan';
import type { QuestionStreams } from '../changes/question.ts';
import type { Surroundings } from '../cli/command.ts';
import { Conversation } from './conversation.ts';

const WORDS = {
  opening: {
    en: 'What is planned? Enter takes what stands in [brackets]; Ctrl-C ends this.',
    zh: '要规划什么？直接回车采用 [方括号] 中的值；Ctrl-C 结束。',
  },
  unknown: { en: 'unknown', zh: '不清楚' },
  estimated: { en: 'by the kind of program', zh: '按类型估算' },
  nothing: { en: 'nothing', zh: '没有' },
  no: { en: 'no', zh: 'no' },
} satisfies Record<string, Text>;

interface Question {
  /** The flag that says the same. */
  readonly flag: string;
  readonly text: Text;
  /** What Enter means, as people read it. */
  standard(base: PlanRequest): string | Text;
}

/** In this order; what flags say beside these few is rarely known by heart. */
const QUESTIONS: readonly Question[] = [
  {
    flag: 'ram',
    text: { en: 'Memory of the box', zh: '服务器内存' },
    standard: ({ box }) => formatBytes(box.memoryBytes),
  },
  {
    flag: 'cores',
    text: { en: 'Processor cores', zh: 'CPU 核数' },
    standard: ({ box }) => String(box.cores),
  },
  {
    flag: 'bandwidth',
    text: { en: 'Bandwidth to the outside, such as 5M', zh: '公网带宽，如 5M' },
    standard: ({ box }) =>
      box.bandwidthBitsPerSecond === undefined ? WORDS.unknown : formatBandwidth(box.bandwidthBitsPerSecond),
  },
  {
    flag: 'disk',
    text: { en: 'Free disk', zh: '可用磁盘' },
    standard: ({ box }) => (box.diskBytes === undefined ? WORDS.unknown : formatBytes(box.diskBytes)),
  },
  {
    flag: 'with',
    text: {
      en: 'What runs there, such as nginx,maque,mariadb:pool=192M,redis',
      zh: '运行哪些服务，如 nginx,maque,mariadb:pool=192M,redis',
    },
    standard: ({ services }) => serviceWords(services),
  },
  {
    flag: 'program',
    text: {
      en: 'Kind of mini-program (tool, content, shop, booking, community, chat, live)',
      zh: '小程序类型（tool 工具、content 内容、shop 商城、booking 预约、community 社区、chat 聊天、live 直播）',
    },
    standard: ({ load }) => load.program,
  },
  { flag: 'dau', text: { en: 'Users of a day', zh: '日活用户数' }, standard: () => WORDS.unknown },
  {
    flag: 'sockets',
    text: { en: 'Realtime connections open at once', zh: '同时保持的实时连接数' },
    standard: () => WORDS.estimated,
  },
  { flag: 'uploads', text: { en: 'Uploads a day', zh: '每天上传次数' }, standard: () => WORDS.estimated },
  {
    flag: 'payments',
    text: { en: 'Do users pay? yes or no', zh: '有支付吗？yes 或 no' },
    standard: () => WORDS.no,
  },
];

/** Asks for what a plan needs, until each answer is one. Undefined when whoever is asked goes away. */
export async function askRequest(
  base: PlanRequest,
  streams: QuestionStreams,
  { terminal, language }: Pick<Surroundings, 'terminal' | 'language'>,
): Promise<ToldRequest | undefined> {
  using conversation = new Conversation(streams);
  terminal.error(say(WORDS.opening, language));
  const answers: Record<string, string> = {};
  for (const { flag, text, standard } of QUESTIONS) {
    const usual = standard(base);
    const shown = typeof usual === 'string' ? usual : say(usual, language);
    for (;;) {
      const answer = await conversation.ask(`${say(text, language)} [${shown}]: `);
      if (answer === undefined) return undefined;
      if (answer === '') break;
      const wrong = issuesOf(flag, answer);
      if (wrong === undefined) {
        answers[flag] = answer;
        break;
      }
      for (const { issue } of wrong.detailsIn(language)) terminal.error(`  ${issue}`);
    }
  }
  return readToldRequest(answers, new Problems());
}

function issuesOf(flag: string, answer: string) {
  const problems = new Problems();
  readToldRequest({ [flag]: answer }, problems);
  return problems.count === 0 ? undefined : problems.toError('');
}
