/** Light and dark by the system's choice; WeChat's green for what can be done. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f3f4f6, #131416);
  --surface: light-dark(#fff, #1d1f22);
  --raised: light-dark(#f7f8f9, #26292d);
  --line: light-dark(#e1e4e8, #34383d);
  --text: light-dark(#1b1f24, #e7e9ec);
  --quiet: light-dark(#5c6670, #9aa4ae);
  --green: light-dark(#067a3d, #35d07f);
  --fill: light-dark(#07893f, #12a150);
  --red: light-dark(#b42318, #ff8a80);
  --amber: light-dark(#8a5a00, #f0b84a);
  --bubble: light-dark(#95ec69, #2f7d4a);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.25rem; padding: .75rem 1.25rem;
  background: var(--surface); border-bottom: 1px solid var(--line); }
h1 { font-size: 1.05rem; margin: 0; }
h2 { font-size: .95rem; margin: 1.5rem 0 .5rem; }
h2:first-child { margin-top: 0; }
p { margin: .25rem 0; }
.quiet { color: var(--quiet); }
.grow { flex: 1; }
code, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .85em; }
main { display: grid; grid-template-columns: 22rem minmax(0, 1fr); gap: 1.25rem; padding: 1.25rem;
  max-width: 90rem; margin: 0 auto; align-items: start; }

.phone { position: sticky; top: 1.25rem; display: flex; flex-direction: column; height: calc(100vh - 7rem); min-height: 32rem;
  background: var(--surface); border: 1px solid var(--line); border-radius: 1.75rem; overflow: hidden;
  box-shadow: 0 6px 24px light-dark(#0000001a, #0008); }
.phone > .bar { white-space: nowrap; display: flex; gap: .5rem; align-items: center; padding: .75rem 1rem; border-bottom: 1px solid var(--line); }
.feed { flex: 1; overflow-y: auto; padding: 1rem; background: var(--ground); display: flex; flex-direction: column; gap: .75rem; }
.feed > .empty { margin: auto; text-align: center; max-width: 16rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: .75rem .9rem; }
.card h3 { margin: 0 0 .5rem; font-size: .95rem; }
.card dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .75rem; margin: 0; }
.card dt { color: var(--quiet); }
.card dd { margin: 0; overflow-wrap: anywhere; }
.card footer { margin-top: .6rem; padding-top: .5rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .85em; overflow-wrap: anywhere; }
.card .when { float: right; color: var(--quiet); font-size: .8em; font-weight: 400; }
.card.pay { text-align: center; border-color: var(--fill); }
.card.pay .sum { font-size: 1.9rem; font-weight: 600; margin: .25rem 0 .5rem; }
.bubble { max-width: 80%; padding: .45rem .75rem; border-radius: .6rem; overflow-wrap: anywhere; white-space: pre-wrap; }
.bubble.user { align-self: flex-end; background: var(--bubble); color: light-dark(#10240a, #fff); }
.bubble.service { align-self: flex-start; background: var(--surface); border: 1px solid var(--line); }
.phone > form, .phone > details { padding: .6rem 1rem; border-top: 1px solid var(--line); }
.phone details ul { list-style: none; margin: .5rem 0 0; padding: 0; max-height: 14rem; overflow-y: auto; }
.phone details li { display: flex; gap: .4rem; align-items: center; padding: .25rem 0; }
summary { cursor: pointer; }

@media (max-width: 60rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  .phone { position: static; height: 36rem; }
}

.tabs { display: flex; flex-wrap: wrap; gap: .25rem; margin-bottom: .75rem; }
.tabs button { border-color: transparent; background: none; }
.tabs button[aria-selected="true"] { background: var(--surface); border-color: var(--line); font-weight: 600; }
.tabs .count { color: var(--quiet); font-weight: 400; margin-inline-start: .35rem; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: .9rem; padding: 1.1rem 1.25rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .75rem .4rem 0; text-align: start; vertical-align: top; }
th { color: var(--quiet); font-weight: 500; font-size: .85em; white-space: nowrap; }
td { font-size: .92em; }
td .row { flex-wrap: nowrap; }
tr:last-child td { border-bottom: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
.row > label { display: flex; flex-direction: column; gap: .15rem; font-size: .85em; color: var(--quiet); }
.ok { color: var(--green); } .bad { color: var(--red); } .wait { color: var(--amber); }
.tag { display: inline-block; padding: 0 .45rem; border-radius: .6rem; background: var(--raised); font-size: .85em; white-space: nowrap; }

button, select, input, textarea { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line);
  border-radius: .5rem; padding: .3rem .7rem; }
textarea { width: 100%; min-height: 9rem; margin-top: .5rem; resize: vertical; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85em; }
input[type="number"] { width: 6.5rem; }
button { cursor: pointer; white-space: nowrap; }
button:hover { border-color: var(--quiet); }
button.main { background: var(--fill); border-color: var(--fill); color: #fff; }
button.small { padding: .05rem .5rem; font-size: .85em; }
:focus-visible { outline: 2px solid var(--green); outline-offset: 2px; }
#status { min-height: 1.5em; }
[hidden] { display: none !important; }
`;
