import { invalid } from '../control-errors.ts';

/** A template of subscribe messages, as the account has chosen it in WeChat's console. */
export interface SimulatorTemplate {
  /** 1 to 64 letters, digits, - or _. */
  readonly id: string;
  readonly title: string;
  /** A line for each field: `商品名称：{{thing1.DATA}}\n`. */
  readonly content: string;
  /** One consent lasts for any number of messages. False unless told. */
  readonly longTerm?: boolean;
  /** What the fields of the kind `enum` may say. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
}

/** A line of a template: what stands before the value, and the value's key. */
export interface TemplateLine {
  readonly label: string;
  readonly key: string;
}

// WeChat lets an account have 50.
const MAX_TEMPLATES = 50;
const MAX_CONTENT_CHARACTERS = 1_000;

/** The account's templates. */
export class Templates {
  readonly #templates = new Map<string, SimulatorTemplate>();

  /** @throws CodedError `SIM_REQUEST_INVALID` for a template that is none. */
  constructor(templates: readonly SimulatorTemplate[]) {
    for (const template of templates) this.add(template);
  }

  /** Adds a template, or changes the one of the same id. @throws CodedError `SIM_REQUEST_INVALID` with what is wrong. */
  add(template: SimulatorTemplate): void {
    const { id, title, content, longTerm = false, values = {} } = template;
    if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) {
      throw invalid('the id of a template is 1 to 64 letters, digits, - or _');
    }
    if (typeof title !== 'string' || title === '' || title.length > 50) throw invalid(`${id} needs a title`);
    if (typeof content !== 'string' || content.length > MAX_CONTENT_CHARACTERS) {
      throw invalid(`${id} needs a content of at most ${MAX_CONTENT_CHARACTERS} characters`);
    }
    if (typeof longTerm !== 'boolean') throw invalid(`longTerm of ${id} is true or false`);
    if (!isValues(values)) throw invalid(`values of ${id} are lists of texts by key`);
    if (linesOf(template).length === 0) throw invalid(`${id} has no field such as {{thing1.DATA}}`);
    if (!this.#templates.has(id) && this.#templates.size >= MAX_TEMPLATES) {
      throw invalid(`an account has ${MAX_TEMPLATES} templates at most`);
    }
    this.#templates.set(id, { id, title, content, longTerm, values });
  }

  find(id: string): SimulatorTemplate | undefined {
    return this.#templates.get(id);
  }

  /** Whether there was one. */
  remove(id: string): boolean {
    return this.#templates.delete(id);
  }

  list(): SimulatorTemplate[] {
    return [...this.#templates.values()];
  }
}

/** The lines of a template in their order. */
export function linesOf({ content }: SimulatorTemplate): TemplateLine[] {
  return [...content.matchAll(/([^\n{}]*)\{\{(\w+)\.DATA\}\}/g)].map(([, label = '', key = '']) => ({
    label: label.replace(/[:：]\s*$/, '').trim(),
    key,
  }));
}

function isValues(values: unknown): boolean {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return false;
  return Object.values(values).every(
    (list) =>
      Array.isArray(list) &&
      list.length <= 50 &&
      list.every((text) => typeof text === 'string' && text.length <= 50),
  );
}
