import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import { exampleOf } from './template-examples.ts';
import { linesOf, type SimulatorTemplate } from './templates.ts';

/** `GET /wxaapi/newtmpl/gettemplate` */
export const handleGetTemplates: ApiHandler = (_, { templates }) => ({
  errcode: 0,
  errmsg: 'ok',
  data: templates.list().map(describe),
});

/** `POST /wxaapi/newtmpl/deltemplate` */
export const handleDeleteTemplate: ApiHandler = ({ body }, { templates }) => {
  const { priTmplId } = body;
  if (typeof priTmplId !== 'string' || !templates.remove(priTmplId)) throw new Refusal(40037);
  return { errcode: 0, errmsg: 'ok' };
};

function describe(template: SimulatorTemplate) {
  const { id, title, content, longTerm, values } = template;
  const lists = Object.entries(values ?? {}).map(([key, enumValueList]) => ({
    keywordCode: `${key}.DATA`,
    enumValueList,
  }));
  return {
    priTmplId: id,
    title,
    content,
    example: linesOf(template)
      .map(({ label, key }) => `${label}:${exampleOf(key, values?.[key])}\n`)
      .join(''),
    type: longTerm === true ? 3 : 2,
    ...(lists.length === 0 ? {} : { keywordEnumValueList: lists }),
  };
}
