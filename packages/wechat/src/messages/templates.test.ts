import { describe, expect, it } from 'vitest';
import { startAnswers } from '../with-answers.fixture.ts';
import { failureOf } from '../with-simulator.fixture.ts';

const LIST = '/wxaapi/newtmpl/gettemplate';
const OK = { errcode: 0, errmsg: 'ok' };

describe('templates', () => {
  it('are listed with their keys, and the values of those that have a choice', async () => {
    const data = [
      {
        priTmplId: 'a',
        title: '会议通知',
        content: '会议时间：{{date2.DATA}}\n会议地点：{{thing1.DATA}}\n',
        example: '会议时间：2016年8月8日\n会议地点：TIT会议室\n',
        type: 2,
      },
      {
        priTmplId: 'b',
        title: '取餐',
        content: '方式：{{enum_string1.DATA}}\n状态：{{phrase3.DATA}}\n',
        example: '',
        type: 3,
        keywordEnumValueList: [
          { keywordCode: 'enum_string1.DATA', enumValueList: ['自取', '外送'] },
          { keywordCode: 'phrase3', enumValueList: ['好了'] },
        ],
      },
    ];
    await using wechat = await startAnswers({ [LIST]: [{ ...OK, data }] });
    expect(await wechat.client().messages.templates()).toEqual([
      {
        id: 'a',
        title: '会议通知',
        kind: 'one-time',
        keys: [
          { key: 'date2', label: '会议时间', values: null },
          { key: 'thing1', label: '会议地点', values: null },
        ],
        example: '会议时间：2016年8月8日\n会议地点：TIT会议室\n',
      },
      {
        id: 'b',
        title: '取餐',
        kind: 'long-term',
        keys: [
          { key: 'enum_string1', label: '方式', values: ['自取', '外送'] },
          { key: 'phrase3', label: '状态', values: ['好了'] },
        ],
        example: '',
      },
    ]);
    expect(wechat.seen[0]).toMatchObject({ method: 'GET', query: { access_token: 'the-token' } });
  });

  it('that are no list are told as what they are, and odd entries do no harm', async () => {
    await using wechat = await startAnswers({ [LIST]: [OK, { ...OK, data: [null, 7, {}] }] });
    const { messages } = wechat.client();
    expect(await failureOf(messages.templates())).toMatchObject({ code: 'WECHAT_ANSWER_UNREADABLE' });
    expect(await messages.templates()).toEqual([
      { id: '', title: '', kind: 'one-time', keys: [], example: '' },
    ]);
  });

  it('are chosen from the library and given up', async () => {
    await using wechat = await startAnswers({
      '/wxaapi/newtmpl/getcategory': [{ ...OK, data: [{ id: 616, name: '公交' }] }],
      '/wxaapi/newtmpl/getpubtemplatetitles': [
        { ...OK, count: 55, data: [{ tid: 99, title: '付款成功通知', type: 2, categoryId: '616' }] },
      ],
      '/wxaapi/newtmpl/getpubtemplatekeywords': [
        { ...OK, count: 1, data: [{ kid: 1, name: '物品名称', example: '名称', rule: 'thing' }] },
      ],
      '/wxaapi/newtmpl/addtemplate': [{ ...OK, priTmplId: 'new-id' }, { errcode: 200012 }],
      '/wxaapi/newtmpl/deltemplate': [OK],
    });
    const { messages } = wechat.client();
    expect(await messages.categories()).toEqual([{ id: '616', name: '公交' }]);
    expect(await messages.publicTitles({ categoryIds: ['616', '2'] })).toEqual({
      total: 55,
      titles: [{ id: '99', title: '付款成功通知', kind: 'one-time', categoryId: '616' }],
    });
    expect(await messages.publicKeywords('99')).toEqual([
      { id: 1, name: '物品名称', example: '名称', rule: 'thing' },
    ]);
    const choice = { titleId: '99', keywordIds: [1, 2], usage: '付款' };
    expect(await messages.addTemplate(choice)).toBe('new-id');
    expect(await failureOf(messages.addTemplate(choice))).toMatchObject({ code: 'WECHAT_MISCONFIGURED' });
    await messages.deleteTemplate('new-id');
    expect(wechat.seen.map(({ query, body }) => ({ ...query, ...body, access_token: undefined }))).toEqual([
      {},
      { ids: '616,2', start: '0', limit: '30' },
      { tid: '99' },
      { tid: '99', kidList: [1, 2], sceneDesc: '付款' },
      { tid: '99', kidList: [1, 2], sceneDesc: '付款' },
      { priTmplId: 'new-id' },
    ]);
  });
});
