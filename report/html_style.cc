// The inline style sheet and script of the report.
#include "report/html_parts.h"

namespace dongxi::report {

const std::string_view kStyle = R"css(
:root { --ink: #1f2933; --soft: #5b6670; --line: #cfd6dc; --ground: #f4f6f8; --blue: #1f4e79; --ok: #2e6b4f;
  --near: #8a6d1f; --none: #9b2c2c; --mark: #fdf0c4; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { font-size: 15px; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1.25rem 3rem; color: var(--ink); background: #fff; line-height: 1.65;
  font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; overflow-wrap: anywhere; }
h1, h2, h3 { font-family: "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, serif; line-height: 1.35; color: var(--blue); }
h1 { font-size: 2rem; margin: .2rem 0 .8rem; letter-spacing: .04em; }
h2 { font-size: 1.35rem; margin: 2rem 0 .7rem; padding-bottom: .35rem; border-bottom: 2px solid var(--blue); }
h3 { font-size: 1.08rem; margin: 1.2rem 0 .4rem; }
p { margin: .3rem 0; }
a { color: var(--blue); text-decoration: none; }
a:hover { text-decoration: underline; }
mark { background: var(--mark); color: inherit; padding: 0 .05em; }
.cover { border-top: 6px solid var(--blue); padding-top: 1rem; }
.kicker { color: var(--soft); letter-spacing: .2em; margin: 0; }
.note, .trace { color: var(--soft); font-size: .85rem; }
.badge { display: inline-block; margin-left: .45em; padding: 0 .45em; border: 1px solid var(--near); border-radius: 2px;
  color: var(--near); font: 500 .72rem/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; white-space: nowrap; vertical-align: .1em; }
.facts { display: flex; flex-wrap: wrap; gap: .15rem 1.5rem; margin: .4rem 0 .8rem; font-size: .9rem; }
.facts div { display: flex; gap: .5em; }
.facts dt, .label { color: var(--soft); white-space: nowrap; }
.facts dd { margin: 0; }
.label { margin-right: .7em; font-size: .85rem; }
.label.later { margin-left: 1.4em; }
#tools { position: sticky; top: 0; z-index: 1; display: flex; gap: .7rem; align-items: center; padding: .6rem 0; background: #fff;
  border-bottom: 1px solid var(--line); }
#find { flex: 1; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: 3px; font: inherit; }
#found { color: var(--soft); font-size: .85rem; }
.figures { display: flex; flex-wrap: wrap; gap: .6rem; margin: .8rem 0; padding: 0; list-style: none; }
.figures li { flex: 1 1 6.5rem; padding: .6rem .4rem; border: 1px solid var(--line); border-top: 3px solid var(--blue); text-align: center; }
.figures b { display: block; font: 600 1.7rem/1.2 "Noto Serif CJK SC", SimSun, serif; color: var(--blue); }
.figures span { font-size: .85rem; color: var(--soft); }
.figures .ok { border-top-color: var(--ok); } .figures .ok b { color: var(--ok); }
.figures .none { border-top-color: var(--none); } .figures .none b { color: var(--none); }
.pair { display: flex; flex-wrap: wrap; gap: 0 2rem; }
.pair > div { flex: 1 1 18rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { background: var(--ground); border-bottom: 1.5px solid var(--blue); font-weight: 600; white-space: nowrap; }
.n { text-align: right; white-space: nowrap; }
td.none { color: var(--none); }
.aid { margin: 1.4rem 0; padding: .1rem 1rem .6rem; background: var(--ground); font-size: .88rem; }
.aid h2 { margin: .6rem 0 .3rem; border: 0; padding: 0; font-size: 1rem; }
.need h2 .no { display: inline-block; min-width: 1.9em; margin-right: .5em; padding: 0 .3em; background: var(--blue); color: #fff;
  text-align: center; font-size: .8em; border-radius: 2px; vertical-align: .08em; }
.text { margin: .35rem 0; white-space: pre-line; }
.inline { display: inline; margin: 0; padding: 0; list-style: none; }
.inline li { display: inline; }
.inline li + li::before { content: "；"; }
.plan { margin: .6rem 0; padding: .4rem .8rem; background: var(--ground); border-left: 3px solid var(--blue); }
.task { margin-right: 1.1em; white-space: nowrap; }
.task i { font-style: normal; color: var(--soft); }
.list ol { margin: 0; padding: 0; list-style: none; }
.entry { padding: .5rem 0 .6rem 2em; border-bottom: 1px solid var(--line); }
.entry p, .why { font-size: .88rem; margin: .15rem 0; }
.entry p.line { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .6em; font-size: .97rem; margin: 0; }
.rank { width: 1.5em; margin-left: -2.1em; text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; }
.line .badge { margin-left: 0; }
.region, .score { color: var(--soft); font-size: .86rem; }
.score { margin-left: auto; white-space: nowrap; font-variant-numeric: tabular-nums; }
b.ok, b.near { font-size: .86rem; font-weight: 600; }
b.ok { color: var(--ok); } b.near { color: var(--near); }
.nomatch { padding: .35rem .8rem; border-left: 3px solid var(--none); background: #fbf3f2; font-size: .92rem; }
.nomatch b { color: var(--none); }
.made { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.2em; }
.bar { flex: none; width: 11rem; height: 7px; }
.ground { fill: #e9edf0; }
.entry p.parts { color: var(--soft); font-size: .78rem; }
.parts span { margin-right: 1.1em; white-space: nowrap; }
.parts span::before { content: ""; display: inline-block; width: .65em; height: .65em; margin-right: .35em; background: var(--part); }
.bar rect:not(.ground) { fill: var(--part); }
.part-lexical { --part: #1f4e79; } .part-feedback { --part: #5b8db8; } .part-semantic { --part: #5f8f7b; }
.part-learned { --part: #a3506c; } .part-policy { --part: #b5892e; } .part-mode { --part: #7d6b91; } .part-maturity { --part: #a0705a; }
.part-condition { --part: #6f7f3f; } .part-other { --part: #8b949c; }
.policy q { color: var(--soft); }
.evidence, .owners { color: var(--ink); }
.chart { width: 100%; max-width: 34rem; height: auto; }
.chart text { font-size: 11px; fill: var(--ink); } .chart .all { fill: #d5dde4; } .chart .hit { fill: var(--blue); }
.scroll { overflow-x: auto; } .scroll td:first-child { min-width: 7em; }
.matrix { width: auto; font-size: .8rem; } .matrix th { font-weight: 500; } .matrix td { text-align: center; min-width: 2.2em; }
.matrix .dark { color: #fff; }
.plain { columns: 2 17em; margin: .3rem 0; padding-left: 1.2em; font-size: .88rem; }
.end { margin-top: 2.5rem; padding-top: .6rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
.brief { font-size: 9.5pt; }
.brief body { max-width: 180mm; box-sizing: content-box; line-height: 1.5; }
.brief .need h2 { margin-top: 0; }
.brief .entry { padding: .25rem 0 .3rem 2em; }
.brief p.text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 6; overflow: hidden; }
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-center { content: "第 " counter(page) " 页"; font-size: 9pt; color: #5b6670; } }
@media print {
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  #tools, .trace a { display: none !important; }
  #contents, .need, #idle { break-before: page; }
  h2, h3, .line, thead { break-after: avoid; }
  .chart, .entry, tr, .plan, .figures li, .aid { break-inside: avoid; }
  .need { padding-top: 1mm; }
  .need h2 { margin-top: 0; }
  .brief .need { zoom: var(--fit, 1); break-inside: avoid; }
  .scroll { overflow: visible; }
  .matrix { font-size: 7pt; }
  .matrix th, .matrix td { min-width: 0; padding: .15rem .25rem; }
  .matrix.wide { font-size: 6pt; }
  .matrix.wide th, .matrix.wide td { padding: .15rem .1rem; }
  .matrix tr > :first-child { white-space: normal; min-width: 4.5em; }
  .end { margin-top: .6rem; padding-top: .2rem; break-before: avoid; }
  .entry { padding: .25rem 0 .3rem 2em; }
  body { line-height: 1.5; }
  a { color: inherit; }
}
)css";

// No < and no & in here: the file is read as XML too.
const std::string_view kScript = R"js(
(function () {
  var find = document.getElementById("find"), found = document.getElementById("found");
  var needs = Array.from(document.querySelectorAll("article.need")).map(function (item) {
    return { item: item, row: document.querySelector("[data-row='" + item.id + "']"), text: null };
  });
  function show() {
    var words = find.value.toLowerCase().split(/\s+/).filter(Boolean), hits = 0;
    needs.forEach(function (need) {
      if (need.text === null) need.text = need.item.textContent.toLowerCase();
      var hit = words.every(function (word) { return need.text.includes(word); });
      need.item.hidden = !hit;
      need.row.hidden = !hit;
      if (hit) hits += 1;
    });
    found.textContent = words.length ? "找到 " + hits + " / " + needs.length + " 项需求" : "";
  }
  document.getElementById("tools").hidden = false;
  find.addEventListener("input", show);
  show();
})();
// The short form in print: a need that is higher than a page is made smaller. 263 mm of a page of 180 mm are there
// for it; wider lines and smaller type stand for what zoom does in print.
(function () {
  if (document.querySelector("html.brief") === null) return;
  document.querySelectorAll("article.need").forEach(function (need) {
    need.style.width = "180mm";
    var page = need.offsetWidth / 180 * 263 * 0.98;
    var fit = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65].find(function (zoom) {
      need.style.width = 180 / zoom + "mm";
      return page >= need.offsetHeight * zoom;
    });
    need.style.width = "";
    need.style.setProperty("--fit", fit || 0.6);
  });
})();
)js";

}  // namespace dongxi::report
