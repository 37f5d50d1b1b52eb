import type { Clock } from '@maque/kit';
import { alertErrors } from '../alert-errors.ts';
import type { AlertMessage } from '../alert-message.ts';
import type { Channel, ChannelName, RateLimit } from '../channel.ts';
import type { PostAnswer } from '../post-json.ts';
import { httpFault } from './http-verdict.ts';
import { withoutSecrets } from './without-secrets.ts';

/** How one kind of group bot is spoken to. Times are wall-clock ms. */
export interface BotProtocol {
  readonly name: ChannelName;
  readonly limits: readonly RateLimit[];
  address(nowMs: number): URL;
  body(message: AlertMessage, nowMs: number): object;
  /** The names of the two fields of an answer: a number that is 0 for a success, and a word on it. */
  readonly codeField: string;
  readonly reasonField: string;
  /** Codes that mean "too many", and how long to keep away then. */
  readonly waitSecondsByCode: Readonly<Record<number, number>>;
  readonly secrets: readonly string[];
}

// The bots' own words are short; some add a link to their documentation.
const REASON_CHARACTERS = 200;

/** A channel to a group bot: they answer 200 to nearly everything, and say in the body whether it was taken. */
export function createBot(protocol: BotProtocol, clock: Clock): Channel {
  const { name, limits } = protocol;
  return {
    name,
    limits,
    async send(message, signal) {
      const nowMs = clock.now();
      const body = JSON.stringify(protocol.body(message, nowMs));
      // Node's HTTP and TLS take 16 MiB, which a server that is well does without.
      const { postJson } = await import('../post-json.ts');
      const answer = await postJson(name, protocol.address(nowMs), body, signal);
      judge(protocol, answer);
    },
  };
}

function judge(protocol: BotProtocol, answer: PostAnswer): void {
  const { name: channel, codeField, reasonField } = protocol;
  const told = parseAnswer(answer.text);
  const code = told[codeField];
  if (typeof code !== 'number') {
    // Not the bot's own words: a proxy's, a gateway's.
    throw httpFault(channel, answer) ?? alertErrors.ALERT_REFUSED({ data: { channel, reason: 'not a bot' } });
  }
  if (code === 0) return;
  const words = withoutSecrets(String(told[reasonField] ?? ''), protocol.secrets);
  const reason = `${code} ${words.slice(0, REASON_CHARACTERS)}`.trim();
  const waitSeconds = protocol.waitSecondsByCode[code];
  throw waitSeconds === undefined
    ? alertErrors.ALERT_REFUSED({ data: { channel, reason } })
    : alertErrors.ALERT_RATE_LIMITED({ data: { channel, reason }, retryAfterSeconds: waitSeconds });
}

function parseAnswer(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
