import { describe, expect, it } from 'vitest';
import type { SubscribeTemplate } from '../../messages/templates.ts';
import { startAccount } from '../with-account.fixture.ts';
import { faultOfValue } from './value-rules.ts';

const SEND = '/cgi-bin/message/subscribe/send';
const DATA = { thing1: { value: '麻雀牌保温杯' }, character_string2: { value: 'SF1234567890' } };

async function startShop(options: Parameters<typeof startAccount>[0] = {}) {
  const account = await startAccount(options);
  return {
    ...account,
    send: (changes: Record<string, unknown> = {}) =>
      account.post(SEND, { touser: account.openid, template_id: 'tmpl-shipped', data: DATA, ...changes }),
    [Symbol.asyncDispose]: () => account[Symbol.asyncDispose](),
  };
}

describe('a subscribe message', () => {
  it('reaches the phone once for each time that the user agreed', async () => {
    await using shop = await startShop();
    expect((await shop.send()).errcode).toBe(43101);
    await shop.simulator.accept('demo-li', 'tmpl-shipped');
    await shop.simulator.accept('demo-li', 'tmpl-shipped', 'tmpl-paid');
    const answers = [await shop.send({ page: 'pages/order?id=1' }), await shop.send(), await shop.send()];
    expect(answers.map(({ errcode }) => errcode)).toEqual([0, 0, 43101]);
    const { messages, subscriptions } = shop.simulator.state();
    expect(messages).toHaveLength(2);
    expect(messages[1]).toMatchObject({
      to: 'demo-li',
      title: '订单发货通知',
      page: 'pages/order?id=1',
      lines: [
        { label: '商品名称', key: 'thing1', value: '麻雀牌保温杯' },
        { label: '快递单号', key: 'character_string2', value: 'SF1234567890' },
      ],
    });
    expect(subscriptions).toContainEqual({ user: 'demo-li', templateId: 'tmpl-paid', left: 1 });
  });

  it('is not wanted any more after a no, or when it was switched off', async () => {
    await using shop = await startShop();
    for (const refuse of [shop.simulator.reject, shop.simulator.switchOff]) {
      await shop.simulator.accept('demo-li', 'tmpl-shipped');
      await refuse('demo-li', 'tmpl-shipped');
      expect((await shop.send()).errcode).toBe(43101);
    }
  });

  it('of a long-term template needs one consent for any number', async () => {
    await using shop = await startShop();
    const service = {
      template_id: 'tmpl-service',
      data: { thing1: { value: '护照' }, phrase2: { value: '办理中' } },
    };
    expect((await shop.send(service)).errcode).toBe(43101);
    await shop.simulator.accept('demo-li', 'tmpl-service');
    for (let sent = 0; sent < 3; sent += 1) expect((await shop.send(service)).errcode).toBe(0);
  });

  it.each([
    ['nobody', { touser: 'o123' }, 40003],
    ['an unknown template', { template_id: 'x' }, 40037],
    ['data as text', { data: JSON.stringify(DATA) }, 47001],
    ['a missing key', { data: { thing1: DATA.thing1 } }, 47003, 'data.character_string2.value is empty'],
    [
      'a value that is too long',
      { data: { ...DATA, thing1: { value: '长'.repeat(21) } } },
      47003,
      'data.thing1.value invalid',
    ],
    ['a state that there is not', { miniprogram_state: 'beta' }, 40097],
    ['a language that there is not', { lang: 'fr_FR' }, 40097],
    ['a page that is not released', { page: 'pages/none' }, 41030],
    ['risky words', { data: { ...DATA, thing1: { value: '【违规】' } } }, 45168],
  ])('with %s is refused, and uses nothing up', async (_, changes, errcode, sentence = '') => {
    await using shop = await startShop({ pages: ['pages/order'] });
    await shop.simulator.accept('demo-li', 'tmpl-shipped');
    const answer = await shop.send(changes);
    expect(answer.errcode).toBe(errcode);
    expect(answer.errmsg).toContain(sentence);
    expect((await shop.send({ page: 'pages/order?id=1' })).errcode).toBe(0);
  });

  it('has the number that the answer told', async () => {
    await using shop = await startShop();
    await shop.simulator.accept('demo-li', 'tmpl-shipped');
    const { msgid } = await shop.send();
    expect(msgid).toBe(Number(shop.simulator.state().messages[0]?.id));
  });
});

describe('a value', () => {
  it.each([
    ['thing1', ['好'.repeat(20), 'a b-c!', '👍'.repeat(20)], ['好'.repeat(21), 'a\nb', 'a\u0007', '']],
    ['number1', ['12', '-1.5', '9'.repeat(32)], ['1e5', '9'.repeat(33), '十']],
    ['letter1', ['ABC'], ['AB1', 'a'.repeat(33)]],
    ['symbol1', ['*', '#+!'], ['a', '******']],
    ['character_string1', ['SF123-456', 'a'.repeat(32)], ['单号', 'a'.repeat(33)]],
    ['time1', ['15:01', '2019年10月1日 15:01', '2026-11-20 09:00~10:00'], ['25:00', '2019年10月1日', 'soon']],
    [
      'date1',
      ['2019-10-01', '2019/10/01', '2019.10.01', '10月1日', '2019-10-01~2019-10-03', '2019年10月1日 15:01'],
      ['15:01', 'x'],
    ],
    ['amount1', ['¥19.90', '¥10', '10元', '9999999999'], ['99999999999', '十元', '¥¥1']],
    ['phone_number1', ['+86-0766-66888866', '13800001234'], ['1'.repeat(18), 'tel']],
    ['car_number1', ['粤A8Z888挂', '京A12345'], ['粤A8Z8888888', '粤']],
    ['name1', ['张三', '王'.repeat(10), 'a'.repeat(20)], ['王'.repeat(11), 'a'.repeat(21), '王aaaaaaaaaa']],
    ['phrase1', ['进行中', '已经办完了'], ['六个汉字不可以', 'ok', '第1个']],
    ['anything_new1', ['whatever'], ['a\nb']],
  ])('of the kind %s obeys its rule', (key, right, wrong) => {
    for (const value of right) expect([value, faultOfValue(key, value, undefined)]).toEqual([value, null]);
    for (const value of wrong) expect(faultOfValue(key, value, undefined)).toContain(`data.${key}.value`);
  });

  it('of an enumeration is one of its values', () => {
    expect(faultOfValue('enum_string1', '自取', ['自取', '外送'])).toBeNull();
    expect(faultOfValue('enum_string1', '飞', ['自取', '外送'])).toBe('data.enum_string1.value invalid');
  });
});

describe('the templates', () => {
  it('are listed with examples that their own rules allow, and can be given up', async () => {
    await using shop = await startShop();
    const { data } = await shop.get('/wxaapi/newtmpl/gettemplate');
    const templates = data as { priTmplId: string; type: number; example: string }[];
    expect(templates.map(({ priTmplId }) => priTmplId)).toContain('tmpl-shipped');
    for (const { key, values, value } of examplesOf(await shop.createClient().messages.templates())) {
      expect([key, faultOfValue(key, value, values ?? undefined)]).toEqual([key, null]);
    }
    expect((await shop.post('/wxaapi/newtmpl/deltemplate', { priTmplId: 'tmpl-shipped' })).errcode).toBe(0);
    expect((await shop.send()).errcode).toBe(40037);
  });

  it('can be chosen from the library', async () => {
    await using shop = await startShop();
    const { messages } = shop.createClient();
    const [category] = await messages.categories();
    const { titles } = await messages.publicTitles({ categoryIds: [category?.id ?? ''] });
    const title = titles.find((one) => one.title === '预约提醒');
    const keywords = await messages.publicKeywords(title?.id ?? '');
    const id = await messages.addTemplate({
      titleId: title?.id ?? '',
      keywordIds: keywords.slice(0, 2).map((word) => word.id),
    });
    const added = (await messages.templates()).find((template) => template.id === id);
    expect(added?.keys.map(({ key }) => key)).toEqual(['thing1', 'date2']);
  });

  it('are 50 at most', async () => {
    await using shop = await startShop();
    const add = (id: string) => shop.simulator.addTemplate({ id, title: 't', content: '{{thing1.DATA}}' });
    expect(() => {
      for (let number = 0; number < 50; number += 1) add(`more-${number}`);
    }).toThrow('50 templates at most');
    expect(() => add('a b')).toThrow('letters, digits');
    expect(() => shop.simulator.addTemplate({ id: 'x', title: 't', content: 'no field' })).toThrow(
      'no field',
    );
  });
});

/** What WeChat's example says for each key of the templates. */
function examplesOf(templates: readonly SubscribeTemplate[]) {
  return templates.flatMap(({ example, keys }) => {
    const lines = example.split('\n');
    return keys.map((key, index) => ({ ...key, value: lines[index]?.replace(/^[^:]*:/, '') }));
  });
}
