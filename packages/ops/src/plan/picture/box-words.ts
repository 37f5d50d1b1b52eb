import { formatBytes, type Language, say, type Text } from '@maque/kit';
import type { BoxRequest, Elsewhere } from '../box/box-request.ts';
import { formatBandwidth } from '../format-bandwidth.ts';

export const PICTURE_WORDS = {
  phones: { en: 'phones', zh: '手机' },
  wechat: { en: 'WeChat', zh: '微信' },
  core: { en: '1 core', zh: '1 核' },
  cores: { en: '{cores} cores', zh: '{cores} 核' },
  deployment: { en: 'How it is put together', zh: '部署结构' },
  memory: { en: 'Memory', zh: '内存' },
  of: { en: '{bytes} in all', zh: '共 {bytes}' },
  missing: { en: '{bytes} are missing', zh: '还差 {bytes}' },
} as const satisfies Record<string, Text>;

export const ELSEWHERE_NAMES: Readonly<Record<Elsewhere, Text>> = {
  database: { en: 'managed database', zh: '云数据库' },
  redis: { en: 'managed Redis', zh: '云 Redis' },
  'object-store': { en: 'object store', zh: '对象存储' },
};

/** `1.91 GiB · 2 cores`, with the line where it is known. */
export function boxTitle(box: BoxRequest, language: Language): string {
  const { core, cores: several } = PICTURE_WORDS;
  const cores = say(box.cores === 1 ? core : several, language, { cores: box.cores });
  const line = box.bandwidthBitsPerSecond;
  return [formatBytes(box.memoryBytes), cores, ...(line === undefined ? [] : [formatBandwidth(line)])].join(
    ' · ',
  );
}
