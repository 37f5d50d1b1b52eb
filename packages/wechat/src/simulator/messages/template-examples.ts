const EXAMPLES: Readonly<Record<string, string>> = {
  thing: '麻雀牌保温杯',
  number: '12',
  letter: 'ABC',
  symbol: '*',
  character_string: 'SF1234567890',
  time: '2026年11月20日 15:01',
  date: '2026-11-20',
  amount: '¥19.90',
  phone_number: '+86-0766-66888866',
  car_number: '粤A8Z888挂',
  name: '张三',
  phrase: '进行中',
};

/** A value that the rules of a key allow. */
export function exampleOf(key: string, values: readonly string[] | undefined): string {
  return values?.[0] ?? EXAMPLES[key.replace(/\d+$/, '')] ?? '示例';
}
