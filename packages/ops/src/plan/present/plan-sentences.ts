import { formatBytes, type Language, MiB, say } from '@maque/kit';
import type { BoxChange } from '../box/box-plan.ts';
import type { Capacity, Demand } from '../load/capacity.ts';
import { formatQps, thousands } from '../load/short-number.ts';
import type { Upgrade } from '../load/upgrade.ts';
import { RESOURCE_WORDS } from '../load/verdict-reasons.ts';
import { wordOf } from '../request/word-of.ts';
import { formatCount } from './format-count.ts';
import { PLAN_WORDS } from './plan-words.ts';

/** What comes in at the peak, in one line. */
export function demandSentence(demand: Demand, language: Language): string {
  const users = {
    told: PLAN_WORDS.dauTold,
    derived: PLAN_WORDS.dauDerived,
    assumed: PLAN_WORDS.dauAssumed,
  }[demand.dauSource];
  return [
    say(users, language, {
      // What was worked out from something else has not so many digits.
      dau: thousands(demand.dauSource === 'derived' ? Number(demand.dau.toPrecision(2)) : demand.dau),
    }),
    say(PLAN_WORDS.peak, language, { qps: formatQps(demand.peakQps) }),
    ...(demand.sockets === 0
      ? []
      : [say(PLAN_WORDS.sockets, language, { sockets: thousands(demand.sockets) })]),
  ].join(language === 'zh-CN' ? '，' : ', ');
}

export function capacitySentence({ dau, qps, first }: Capacity, language: Language): string {
  return say(PLAN_WORDS.carries, language, {
    dau: formatCount(dau),
    qps: formatQps(qps),
    resource: RESOURCE_WORDS[first],
  });
}

export function capacityNote({ sockets, saturatedQps }: Capacity, language: Language): string {
  return say(PLAN_WORDS.capacityNote, language, {
    sockets: Number.isFinite(sockets) ? thousands(sockets) : '∞',
    saturated: formatQps(saturatedQps),
  });
}

/** What an upgrade comes to, in one line. */
export function upgradeSentence({ capacity, buys }: Upgrade, language: Language): string {
  return say(PLAN_WORDS.buys, language, {
    dau: formatCount(capacity.dau),
    gain: say(PLAN_WORDS.gain, language, { dau: formatCount(buys.dau) }),
    qps: formatQps(capacity.qps),
    resource: RESOURCE_WORDS[capacity.first],
  });
}

/** One way to make it fit. */
export function changeSentence(change: BoxChange, language: Language): string {
  switch (change.code) {
    case 'MOVE_OUT':
      return say(PLAN_WORDS.moveOut, language, {
        service: change.service,
        bytes: formatBytes(change.freesBytes),
      });
    case 'MOVE_OUT_SEVERAL':
      return say(PLAN_WORDS.moveOutSeveral, language, {
        services: change.services.join(', '),
        bytes: formatBytes(change.freesBytes),
      });
    case 'ASK_LESS': {
      const { word, value } = wordOf(change.what, change.most);
      return say(PLAN_WORDS.askLess, language, { service: change.service, what: word, most: value });
    }
    case 'ASK_MORE': {
      const { word, value } = wordOf(change.what, change.least);
      return say(PLAN_WORDS.askMore, language, { service: change.service, what: word, least: value });
    }
    case 'BIGGER_BOX':
      return say(PLAN_WORDS.biggerBox, language, {
        bytes: formatBytes(Math.ceil(change.memoryBytes / MiB) * MiB),
      });
  }
}
