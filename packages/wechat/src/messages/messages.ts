import type { ApiFacts } from '../http/api-facts.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { SEND_MESSAGE, type SendResult, type SubscribeMessage, sendMessage } from './send-message.ts';
import {
  LIST_CATEGORIES,
  LIST_PUBLIC_KEYWORDS,
  LIST_PUBLIC_TITLES,
  listCategories,
  listPublicKeywords,
  listPublicTitles,
  type PublicKeyword,
  type PublicTitle,
  type PublicTitleQuery,
  type TemplateCategory,
} from './template-library.ts';
import {
  ADD_TEMPLATE,
  addTemplate,
  DELETE_TEMPLATE,
  deleteTemplate,
  LIST_TEMPLATES,
  listTemplates,
  type NewTemplate,
  type SubscribeTemplate,
} from './templates.ts';

export const MESSAGE_APIS: readonly ApiFacts[] = [
  SEND_MESSAGE,
  LIST_TEMPLATES,
  ADD_TEMPLATE,
  DELETE_TEMPLATE,
  LIST_CATEGORIES,
  LIST_PUBLIC_TITLES,
  LIST_PUBLIC_KEYWORDS,
];

/** Subscribe messages and their templates. */
export interface SubscribeMessages {
  /** See {@link sendMessage}. */
  send(message: SubscribeMessage): Promise<SendResult>;
  /** See {@link listTemplates}. */
  templates(): Promise<SubscribeTemplate[]>;
  /** See {@link addTemplate}. */
  addTemplate(template: NewTemplate): Promise<string>;
  /** See {@link deleteTemplate}. */
  deleteTemplate(templateId: string): Promise<void>;
  /** See {@link listCategories}. */
  categories(): Promise<TemplateCategory[]>;
  /** See {@link listPublicTitles}. */
  publicTitles(
    query: PublicTitleQuery,
  ): Promise<{ readonly total: number; readonly titles: readonly PublicTitle[] }>;
  /** See {@link listPublicKeywords}. */
  publicKeywords(titleId: string): Promise<PublicKeyword[]>;
}

export function createMessages(callApi: ApiCaller): SubscribeMessages {
  return {
    send: (message) => sendMessage(callApi, message),
    templates: () => listTemplates(callApi),
    addTemplate: (template) => addTemplate(callApi, template),
    deleteTemplate: (templateId) => deleteTemplate(callApi, templateId),
    categories: () => listCategories(callApi),
    publicTitles: (query) => listPublicTitles(callApi, query),
    publicKeywords: (titleId) => listPublicKeywords(callApi, titleId),
  };
}
