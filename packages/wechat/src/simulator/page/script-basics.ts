/**
 * What the rest of the page's script stands on: words, elements, requests. Everything from the server is set as text, never
 * as markup.
 */
export const scriptBasics = `
const chinese = navigator.language.startsWith('zh');
const word = (en, zh) => (chinese ? zh : en);
const byId = (id) => document.getElementById(id);
document.documentElement.lang = chinese ? 'zh-CN' : 'en';
if (chinese) {
  for (const element of document.querySelectorAll('[data-zh]')) element.textContent = element.dataset.zh;
  for (const element of document.querySelectorAll('[data-zh-hint]')) element.placeholder = element.dataset.zhHint;
  for (const element of document.querySelectorAll('[data-zh-label]')) element.ariaLabel = element.dataset.zhLabel;
}

/** An element: make('td', { className: 'ok' }, 'text', otherElement) */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null && child !== ''));
  return element;
}

const time = (moment) => (moment === null ? '' : new Date(moment).toLocaleTimeString());
const money = (fen) => '¥' + (fen / 100).toFixed(2);
const said = (value, className) => make('span', { className: className ?? '' }, String(value));

/** Says how something went; the reader is told, too. */
function tell(text, className) {
  byId('status').className = 'grow ' + (className ?? 'quiet');
  byId('status').textContent = text;
}

async function ask(method, path, body) {
  const response = await fetch(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
}

/** Asks the simulator, tells how it went, shows what has changed. */
async function act(method, path, body) {
  try {
    const answer = await ask(method, path, body);
    tell(outcomeOf(answer));
    return answer;
  } catch (error) {
    tell(error.message, 'bad');
    return null;
  } finally {
    await refresh();
  }
}

function outcomeOf({ push, check, code }) {
  if (code !== undefined) return 'code ' + code;
  const last = check ?? push?.tries.at(-1);
  if (last === undefined) return push === null ? word('Done; pushes go nowhere.', '完成；未设置推送地址。') : word('Done.', '完成。');
  return (push?.state ?? (last.ok ? 'ok' : 'refused')) + ' · ' + (last.status ?? last.error) + ' · ' + last.ms + ' ms · ' + (last.reply || word('(empty)', '（空）')).slice(0, 120);
}

/** A button of a row. It keeps the focus when the row is drawn anew, by what it does and to what. */
function button(label, key, run, className) {
  const element = make('button', { type: 'button', className: className ?? 'small' }, label);
  element.dataset.key = key;
  element.addEventListener('click', run);
  return element;
}

const drawn = new Map();

/** Draws a part anew if what it shows has changed. */
function draw(id, data, children) {
  const seen = JSON.stringify(data);
  if (drawn.get(id) === seen) return;
  drawn.set(id, seen);
  const key = document.activeElement?.dataset?.key;
  byId(id).replaceChildren(...children());
  if (key !== undefined && document.activeElement === document.body) {
    document.querySelector('[data-key="' + CSS.escape(key) + '"]')?.focus();
  }
}

/** The rows of a table; each is a list of cells. */
function rows(id, data, cellsOf, empty) {
  draw(id, data, () => (data.length === 0
    ? [make('tr', {}, make('td', { colSpan: 9, className: 'quiet' }, empty))]
    : data.map((entry) => make('tr', {}, ...cellsOf(entry).map((cell) => make('td', {}, cell))))));
}
`;
