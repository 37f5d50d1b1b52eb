import type { ApiFacts } from '../http/api-facts.ts';
import type { JsonAnswer } from '../http/read-answer.ts';
import { listField, textField, toNumber, toRecords, toText } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';

/** One value of a template. */
export interface TemplateKey {
  /** Its kind and a number: `thing1`. */
  readonly key: string;
  /** What stands before it in the message: `商品名称`. */
  readonly label: string;
  /** The only values it may have; null when its kind alone decides. */
  readonly values: readonly string[] | null;
}

/** A template that the mini-program has chosen. */
export interface SubscribeTemplate {
  readonly id: string;
  readonly title: string;
  /** `one-time`: one accepted pop-up, one message. */
  readonly kind: 'one-time' | 'long-term';
  readonly keys: readonly TemplateKey[];
  /** WeChat's own example of the message. */
  readonly example: string;
}

export const LIST_TEMPLATES: ApiFacts = {
  method: 'GET',
  path: '/wxaapi/newtmpl/gettemplate',
  page: 'getMessageTemplateList',
  call: 'client.messages.templates',
  summary: {
    en: 'The templates that the mini-program has chosen, with the keys of each.',
    zh: '获取小程序已选用的订阅消息模板及其字段。',
  },
  errcodes: [-1, 40001],
};

export const ADD_TEMPLATE: ApiFacts = {
  method: 'POST',
  path: '/wxaapi/newtmpl/addtemplate',
  page: 'addMessageTemplate',
  call: 'client.messages.addTemplate',
  summary: { en: 'Chooses a template from the public library.', zh: '从公共模板库选用模板。' },
  errcodes: [-1, 40001, 200011, 200012, 200013, 200014, 200020, 200021],
};

export const DELETE_TEMPLATE: ApiFacts = {
  method: 'POST',
  path: '/wxaapi/newtmpl/deltemplate',
  page: 'deleteMessageTemplate',
  call: 'client.messages.deleteTemplate',
  summary: { en: 'Gives a chosen template up.', zh: '删除已选用的模板。' },
  errcodes: [-1, 40001, 40037, 200014],
};

/** All chosen templates; they change when somebody edits them in the console, so keep them for an hour, say. @throws WechatError */
export async function listTemplates(callApi: ApiCaller): Promise<SubscribeTemplate[]> {
  const answer = await callApi({ ...LIST_TEMPLATES, maxRetries: 2, secrets: [] });
  return listField(LIST_TEMPLATES.path, answer, 'data').map(readTemplate);
}

export interface NewTemplate {
  /** WeChat's `tid`: of a title in the public library. */
  readonly titleId: string;
  /** WeChat's `kid`s in the order of the message: 2 to 5. */
  readonly keywordIds: readonly number[];
  /** What it is used for: at most 15 characters. */
  readonly usage?: string;
}

/** Chooses a template; answers its id. @throws WechatError */
export async function addTemplate(callApi: ApiCaller, template: NewTemplate): Promise<string> {
  const { titleId, keywordIds, usage } = template;
  const body = { tid: titleId, kidList: keywordIds, ...(usage === undefined ? {} : { sceneDesc: usage }) };
  // Not repeated: each call that works adds one more.
  const answer = await callApi({ ...ADD_TEMPLATE, body, maxRetries: 0, secrets: [] });
  return textField(ADD_TEMPLATE.path, answer, 'priTmplId');
}

/** Gives a template up; its messages cannot be sent any more. @throws WechatError */
export async function deleteTemplate(callApi: ApiCaller, templateId: string): Promise<void> {
  await callApi({ ...DELETE_TEMPLATE, body: { priTmplId: templateId }, maxRetries: 0, secrets: [] });
}

function readTemplate(template: JsonAnswer): SubscribeTemplate {
  return {
    id: toText(template.priTmplId),
    title: toText(template.title),
    kind: toNumber(template.type) === 3 ? 'long-term' : 'one-time',
    keys: readKeys(toText(template.content), readValues(template.keywordEnumValueList)),
    example: toText(template.example),
  };
}

// A line of a template's content: `会议时间：{{date2.DATA}}`.
const KEY_LINE = /([^\n{}]*)\{\{(\w{1,64})\.DATA\}\}/g;

function readKeys(content: string, values: ReadonlyMap<string, readonly string[]>): TemplateKey[] {
  return [...content.matchAll(KEY_LINE)].map(([, label = '', key = '']) => ({
    key,
    label: label.trim().replace(/[:：]$/, ''),
    values: values.get(key) ?? null,
  }));
}

function readValues(list: unknown): Map<string, readonly string[]> {
  const entries = toRecords(list).map(({ keywordCode, enumValueList }) => {
    const values = Array.isArray(enumValueList) ? enumValueList.map(toText) : [];
    return [toText(keywordCode).replace(/\.DATA$/, ''), values] as const;
  });
  return new Map(entries.filter(([, values]) => values.length > 0));
}
