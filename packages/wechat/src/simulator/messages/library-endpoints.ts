import { randomBytes } from 'node:crypto';
import { CodedError } from '@maque/kit';
import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import { DEFAULT_TEMPLATES } from './default-templates.ts';
import { exampleOf } from './template-examples.ts';
import { linesOf, type SimulatorTemplate } from './templates.ts';

// WeChat's public library has thousands; here it is what an account of the simulator has by default.
const CATEGORY = { id: 307, name: '线下零售' };
const FIRST_TITLE = 1_001;
const MOST_USAGE_CHARACTERS = 15;

/** `GET /wxaapi/newtmpl/getcategory` */
export const handleCategories: ApiHandler = () => ({ errcode: 0, errmsg: 'ok', data: [CATEGORY] });

/** `GET /wxaapi/newtmpl/getpubtemplatetitles` */
export const handlePublicTitles: ApiHandler = ({ query }) => {
  const [ids, start, limit] = [query.get('ids') ?? '', query.get('start') ?? '', query.get('limit') ?? ''];
  if (ids === '') throw new Refusal(200018);
  if (!ids.split(',').every((id) => id === String(CATEGORY.id))) throw new Refusal(200019);
  if (!/^\d{1,6}$/.test(start)) throw new Refusal(200016);
  if (!/^\d{1,2}$/.test(limit) || Number(limit) < 1 || Number(limit) > 30) throw new Refusal(200017);
  const titles = DEFAULT_TEMPLATES.map(({ title, longTerm }, index) => ({
    tid: FIRST_TITLE + index,
    title,
    type: longTerm === true ? 3 : 2,
    categoryId: String(CATEGORY.id),
  }));
  const page = titles.slice(Number(start), Number(start) + Number(limit));
  return { errcode: 0, errmsg: 'ok', count: titles.length, data: page };
};

/** `GET /wxaapi/newtmpl/getpubtemplatekeywords` */
export const handlePublicKeywords: ApiHandler = ({ query }) => {
  const template = titleOf(query.get('tid'));
  const data = linesOf(template).map(({ label, key }, index) => ({
    kid: index + 1,
    name: label,
    example: exampleOf(key, template.values?.[key]),
    rule: key.replace(/\d+$/, ''),
  }));
  return { errcode: 0, errmsg: 'ok', count: data.length, data };
};

/** `POST /wxaapi/newtmpl/addtemplate` */
export const handleAddTemplate: ApiHandler = ({ body }, { templates }) => {
  const { tid, kidList, sceneDesc = '' } = body;
  const { title, content, longTerm, values } = titleOf(tid);
  const lines = content.split('\n').filter((line) => line !== '');
  if (!Array.isArray(kidList) || kidList.length < 2 || kidList.length > 5) throw new Refusal(200020);
  const chosen = kidList.map((kid: unknown) => lines[Number(kid) - 1]);
  if (chosen.includes(undefined) || new Set(chosen).size < chosen.length) throw new Refusal(200020);
  if (typeof sceneDesc !== 'string' || [...sceneDesc].length > MOST_USAGE_CHARACTERS)
    throw new Refusal(200021);
  const id = randomBytes(33).toString('base64url').slice(0, 43);
  const options = {
    ...(longTerm === undefined ? {} : { longTerm }),
    ...(values === undefined ? {} : { values }),
  };
  try {
    templates.add({ id, title, content: `${chosen.join('\n')}\n`, ...options });
  } catch (error) {
    if (error instanceof CodedError) throw new Refusal(200012);
    throw error;
  }
  return { errcode: 0, errmsg: 'ok', priTmplId: id };
};

function titleOf(tid: unknown): SimulatorTemplate {
  const template = DEFAULT_TEMPLATES[Number(tid) - FIRST_TITLE];
  if (template === undefined) throw new Refusal(200014);
  return template;
}
