import { defineMeanings } from '../../meaning.ts';

export const meanings = defineMeanings('logrotate', {
  maxsize: {
    short: { en: 'a new file before the day is over, when it is larger', zh: '超过此大小，当天内也会轮转' },
    explanation: {
      en: 'logrotate looks every hour; a log that is flooded is ended then rather than at midnight. Nobody opens a file that is larger. (On CentOS 7, whose logrotate has no timer, it comes once a day.)',
      zh: 'logrotate 每小时检查一次；日志暴涨时当时就切分，不必等到零点。再大的文件没人打得开。（CentOS 7 的 logrotate 没有定时器，每天只来一次。）',
    },
    source: { en: '50 MiB; the doctor warns from 100 (check G3).', zh: '50 MiB；体检从 100 起警告（G3）。' },
  },
  accessRotate: {
    short: { en: 'old access logs that are kept, one a day', zh: '保留的旧访问日志份数，每天一份' },
    explanation: {
      en: 'Operators in China keep network logs for at least six months. Compressed, a file takes a tenth; on a small disk fewer are kept, so that logs never take more than a twentieth of it.',
      zh: '《网络安全法》第二十一条要求留存网络日志不少于六个月。压缩后约为十分之一；磁盘小时少留一些，日志不超过空闲的二十分之一。',
    },
    source: {
      en: '185, or 0.05 × free disk ÷ 5 MiB, at least 14; Cybersecurity Law, article 21.',
      zh: '185，或 0.05 × 磁盘空闲 ÷ 5 MiB，至少 14；《网络安全法》第二十一条。',
    },
  },
  appRotate: {
    short: { en: 'old files that are kept', zh: '保留的旧文件份数' },
    explanation: {
      en: 'What an app wrote a fortnight ago helps nobody to find a fault.',
      zh: '两周前的应用日志对排查已无帮助。',
    },
    source: { en: '14. An assumption.', zh: '14，为假定值。' },
  },
});
