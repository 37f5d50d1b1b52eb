/** What is done with keys, fields and buttons that stand still. */
export const scriptActions = `
const tabs = [...document.querySelectorAll('[role="tab"]')];

function choose(tab) {
  for (const other of tabs) {
    const chosenTab = other === tab;
    other.ariaSelected = String(chosenTab);
    other.tabIndex = chosenTab ? 0 : -1;
    byId(other.getAttribute('aria-controls')).hidden = !chosenTab;
  }
  history.replaceState(null, '', '#' + tab.id.slice(4));
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener('click', () => choose(tab));
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1 : step === undefined ? index : (index + step + tabs.length) % tabs.length;
    if (next === index) return;
    event.preventDefault();
    choose(tabs[next]);
    tabs[next].focus();
  });
}
const wanted = byId('tab-' + location.hash.slice(1));
if (wanted !== null && tabs.includes(wanted)) choose(wanted);

const onSubmit = (id, run) => byId(id).addEventListener('submit', (event) => {
  event.preventDefault();
  run();
});
const onClick = (id, run) => byId(id).addEventListener('click', run);
const numberIn = (id) => Number(byId(id).value);

byId('person').addEventListener('change', (event) => {
  chosen = event.target.value;
  if (state !== null) showPhone(state);
});
onClick('open', () => act('POST', '/_sim/users', { user: chosen }));
onSubmit('chat', async () => {
  const text = byId('chat-text').value;
  if (text === '') return;
  byId('chat-text').value = '';
  await act('POST', '/_sim/chat', { user: chosen, text });
});
for (const element of document.querySelectorAll('[data-advance]')) {
  element.addEventListener('click', () => act('POST', '/_sim/clock', { advanceMs: Number(element.dataset.advance) }));
}

const MESSAGES = {
  text: { MsgType: 'text', Content: word('Is my parcel on its way?', '我的包裹发货了吗？') },
  image: { MsgType: 'image', PicUrl: 'http://127.0.0.1/picture.jpg', MediaId: 'media-id' },
  user_enter_tempsession: { MsgType: 'event', Event: 'user_enter_tempsession', SessionFrom: '' },
  subscribe_msg_popup_event: { MsgType: 'event', Event: 'subscribe_msg_popup_event', List: [{ TemplateId: 'tmpl-paid', SubscribeStatusString: 'accept', PopupScene: '0' }] },
  subscribe_msg_change_event: { MsgType: 'event', Event: 'subscribe_msg_change_event', List: [{ TemplateId: 'tmpl-paid', SubscribeStatusString: 'reject' }] },
  subscribe_msg_sent_event: { MsgType: 'event', Event: 'subscribe_msg_sent_event', List: [{ TemplateId: 'tmpl-paid', MsgID: '1', ErrorCode: '0', ErrorStatus: 'success' }] },
  wxa_media_check: { MsgType: 'event', Event: 'wxa_media_check', trace_id: 'trace', version: 2, errcode: 0, errmsg: 'ok', result: { suggest: 'risky', label: 20002 }, detail: [] },
  trade_manage_remind_shipping: { MsgType: 'event', Event: 'trade_manage_remind_shipping', transaction_id: '4200000000', merchant_trade_no: 'order-1', pay_time: 0 },
  trade_manage_order_settlement: { MsgType: 'event', Event: 'trade_manage_order_settlement', transaction_id: '4200000000', confirm_receive_method: 1 },
  trade_manage_remind_access_api: { MsgType: 'event', Event: 'trade_manage_remind_access_api', msg: '' },
};
byId('push-kind').replaceChildren(...Object.keys(MESSAGES).map((kind) => make('option', { value: kind }, kind)));
const fillFields = () => {
  byId('push-fields').value = JSON.stringify(MESSAGES[byId('push-kind').value], null, 2);
};
byId('push-kind').addEventListener('change', fillFields);
fillFields();
onSubmit('push', async () => {
  let fields;
  try {
    fields = JSON.parse(byId('push-fields').value);
  } catch {
    tell(word('The fields are no JSON.', '字段不是合法的 JSON。'), 'bad');
    return;
  }
  const forgery = byId('push-forgery').value;
  await act('POST', '/_sim/pushes', { fields, user: chosen, times: numberIn('push-times'), ...(forgery === '' ? {} : { forgery }) });
});
onClick('check-url', () => act('POST', '/_sim/push-target/check', {}));

const showFaultFields = () => {
  for (const label of document.querySelectorAll('[data-for]')) label.hidden = !label.dataset.for.split(' ').includes(byId('fault-kind').value);
};
byId('fault-kind').addEventListener('change', showFaultFields);
showFaultFields();
onSubmit('fault', () => {
  const kind = byId('fault-kind').value;
  const how = byId('fault-how').value;
  const own = {
    latency: () => ({ ms: numberIn('fault-ms') }),
    'clock-skew': () => ({ ms: numberIn('fault-ms') }),
    errcode: () => ({ errcode: numberIn('fault-errcode') }),
    'pay-error': () => ({ status: numberIn('fault-status'), code: byId('fault-code').value }),
    push: () => ({ how, ...(how === 'delayed' ? { ms: numberIn('fault-ms') } : {}) }),
  }[kind]?.() ?? {};
  const atOnce = ['kill-token', 'rotate-session-keys', 'clock-skew'].includes(kind);
  const path = byId('fault-path').value;
  const scope = atOnce ? {} : { times: numberIn('fault-times'), ...(path === '' || kind === 'push' ? {} : { path }) };
  return act('POST', '/_sim/faults', { kind, ...own, ...scope });
});
onClick('clear-faults', () => act('DELETE', '/_sim/faults'));
onSubmit('behaviour', () => act('POST', '/_sim/pay/behaviour', Object.fromEntries(['lost', 'repeated', 'delayed', 'forged'].map((name) => [name, numberIn('behave-' + name) / 100]))));
onClick('rotate-certificate', () => act('POST', '/_sim/pay/rotate-certificate', {}));

const REFRESH_MS = 1500;
for (;;) {
  if (!document.hidden) await refresh();
  await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
}
`;
