// How the HTML report looks, and the little that its script does.
//
// Light or dark is the system's choice until the reader makes another; that works without a script, as do
// printing and folding. Colours are a table, so that a test can compute their contrast (WCAG 2.1, success
// criteria 1.4.3 and 1.4.11). The script adds search, a line that reads the matrix out, buttons that copy,
// and remembers the colours.
#include "html.hpp"
#include "linkdx/language.hpp"

namespace linkdx::report {
namespace {

constexpr Color colors[] = {
    {"page", "#ffffff", "#0d1117"},  {"card", "#f6f8fa", "#161b22"},
    {"line", "#d1d9e0", "#3d444d"},  {"text", "#1f2328", "#e6edf3"},
    {"quiet", "#59636e", "#9aa4af"}, {"link", "#0550ae", "#6cb6ff"},
    {"bad", "#a40e26", "#ff8e86"},   {"bad-back", "#ffebe9", "#3c1618"},
    {"good", "#0f5323", "#6bdd83"},  {"good-back", "#dafbe1", "#12321c"},
    {"doubt", "#6f4400", "#eac54f"}, {"doubt-back", "#fff8c5", "#33270a"},
    {"mark", "#ffd33d", "#6b4f00"},  {"has", "#1a7f37", "#3fb950"},
    {"need", "#0550ae", "#6cb6ff"},  {"edge", "#6e7781", "#8b949e"},
    {"focus", "#0969da", "#58a6ff"},
};

constexpr ColorPair pairs[] = {
    {"text", "page"},        {"text", "card"},        {"quiet", "page"},        {"quiet", "card"},
    {"link", "page"},        {"link", "card"},        {"bad", "page"},          {"bad", "bad-back"},
    {"good", "good-back"},   {"doubt", "doubt-back"}, {"text", "bad-back"},     {"text", "doubt-back"},
    {"text", "mark"},        {"text", "good-back"},   {"bad", "card"},          {"has", "page", false},
    {"need", "page", false}, {"edge", "page", false}, {"focus", "page", false}, {"bad", "page", false},
};

constexpr std::string_view rules = R"css(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.frame{max-width:78rem;margin:0 auto;padding:1.25rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.25;margin:.25rem 0 1rem}
h2{font-size:1.25rem;margin:2.2rem 0 .8rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.4rem 0 .5rem}
h4{font-size:1rem;margin:1.2rem 0 .5rem}
p,ul,ol{margin:.6rem 0}
ul,ol{padding-left:1.4rem}
li{margin:.25rem 0}
h1,h2,h3,h4,p,li,td,th,summary,figcaption{overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,input:focus-visible,button:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
code,pre,svg text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
code{font-size:.88em;background:var(--card);border:1px solid var(--line);border-radius:4px;padding:.05em .3em}
pre{margin:0;padding:.7rem .9rem;overflow-x:auto;font-size:.85rem;line-height:1.45;background:var(--card);border:1px solid var(--line);border-radius:6px;tab-size:4}
pre.wraps{white-space:pre-wrap;overflow-wrap:anywhere}
pre code{background:none;border:0;padding:0;font-size:inherit}
figure{margin:.7rem 0;position:relative}
figcaption{font-size:.9rem;margin-bottom:.25rem}
.tool,.quiet,footer{color:var(--quiet);font-size:.9rem}
.tool{margin:0}
.short{border:1px solid var(--line);border-left:5px solid var(--bad);border-radius:6px;padding:.3rem 1rem;background:var(--card)}
.short ul{list-style:none;padding:0;margin:.4rem 0}
.sure{display:inline-block;border-radius:999px;padding:0 .6em;font-weight:600;font-size:.85em;border:1px solid currentColor}
.certain{color:var(--good);background:var(--good-back)}
.likely,.possible{color:var(--doubt);background:var(--doubt-back)}
.tools{display:flex;flex-wrap:wrap;gap:.6rem 1.5rem;align-items:center;margin:1rem 0}
.tools fieldset{border:0;margin:0;padding:0;display:flex;gap:.9rem;align-items:center}
.tools legend{float:left;margin-right:.7rem;padding:0;color:var(--quiet)}
.tools label{display:inline-flex;gap:.3rem;align-items:center}
.tools input[type=search]{font:inherit;width:min(22rem,100%);padding:.3rem .6rem;color:var(--text);background:var(--page);border:1px solid var(--edge);border-radius:6px}
.search{flex:1 1 18rem;flex-wrap:wrap}
[hidden]{display:none!important}
nav ul{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.2rem 1rem}
.fix{border:1px solid var(--line);border-radius:8px;padding:.2rem 1rem .8rem;margin:1rem 0}
.fix.best{border:2px solid var(--has)}
.fix h3,.fix h4{margin-top:.7rem}
details{margin:.5rem 0}
summary{cursor:pointer}
.scroll{overflow-x:auto;margin:.7rem 0}
table{border-collapse:collapse;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem;border:1px solid var(--line)}
th{background:var(--card)}
td{min-width:7rem}
.flags code{white-space:nowrap}
button.copy{position:absolute;right:.4rem;bottom:.4rem;font:inherit;font-size:.8rem;padding:.1rem .6rem;color:var(--text);background:var(--page);border:1px solid var(--edge);border-radius:6px;cursor:pointer}
svg{display:block;max-width:none;height:auto}
svg text{font-size:12px;fill:var(--text)}
.node rect{fill:var(--card);stroke:var(--edge);stroke-width:1.5}
.node .kind{font-size:10px;fill:var(--quiet);font-family:system-ui,sans-serif}
.node.symbol rect{fill:var(--doubt-back);stroke:var(--doubt)}
.node.break rect{fill:var(--bad-back);stroke:var(--bad);stroke-width:2;stroke-dasharray:5 3}
.node.break text{fill:var(--text);font-weight:600}
.node:hover rect,.node.on rect{stroke-width:3}
.edge path{fill:none;stroke:var(--edge);stroke-width:1.6}
.edge .head{fill:var(--edge);stroke:none}
.edge text{font-size:11px;fill:var(--quiet);font-family:system-ui,sans-serif}
.edge .halo{fill:none;stroke:var(--page);stroke-width:5px}
.edge.broken path{stroke:var(--bad);stroke-width:2.2;stroke-dasharray:6 4}
.edge.broken .cross{stroke-dasharray:none;stroke-width:3}
.edge.broken text{font-weight:700}
.edge.broken text:not(.halo){fill:var(--bad)}
.edge.on path{stroke-width:3.5}
.row .back{fill:transparent}
.row:hover .back,.row.on .back{fill:var(--card)}
.row .group{font-family:system-ui,sans-serif}
.dot{fill:var(--has)}
.need .dot{fill:var(--need)}
.none{fill:none;stroke:var(--edge);stroke-width:1.2}
.column{fill:transparent}
.column.on{fill:var(--mark);opacity:.35}
.enough text{font-weight:700}
.rule{stroke:var(--line)}
.kindhead{font-family:system-ui,sans-serif;font-weight:700}
.hit .back,.node.hit rect{fill:var(--mark)}
tr.hit td{background:var(--mark)}
.searching .row:not(.hit),.searching .node:not(.hit){opacity:.45}
.readout{min-height:1.6em;font-size:.9rem;color:var(--quiet)}
@media (min-width:70rem){
.columns{display:grid;grid-template-columns:12.5rem minmax(0,1fr);gap:2.5rem}
nav{position:sticky;top:1rem;align-self:start;padding-top:2.4rem}
nav ul{display:block}
}
@media (max-width:30rem){h1{font-size:1.3rem}.fix{padding:.1rem .7rem .6rem}th,td{padding:.3rem .45rem}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{
.tools,nav,button.copy,.readout{display:none!important}
body{font-size:10pt}
.frame{padding:0;max-width:none}
.columns{display:block}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
.scroll{overflow:visible}
table{font-size:8.5pt}
svg{max-width:100%}
.flags code{white-space:normal}
figure,.fix,tr,li{break-inside:avoid}
.fix{break-inside:auto}
h2,h3,h4,summary{break-after:avoid}
details::details-content{display:block;content-visibility:visible;block-size:auto}
}
)css";

constexpr std::string_view script = R"js(
(function () {
  "use strict";
  function all(selector, inside) { return Array.prototype.slice.call((inside || document).querySelectorAll(selector)); }

  all("input[name=theme]").forEach(function (input) {
    try { if (localStorage.getItem("linkdx-theme") === input.value) input.checked = true; } catch (e) { /* no storage */ }
    input.addEventListener("change", function () {
      try { localStorage.setItem("linkdx-theme", input.value); } catch (e) { /* no storage */ }
    });
  });

  all("pre[data-copy]").forEach(function (pre) {
    if (!navigator.clipboard) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(pre.textContent).then(function () {
        button.textContent = "Copied";
        setTimeout(function () { button.textContent = "Copy"; }, 1500);
      }, function () { button.textContent = "Not allowed"; });
    });
    pre.parentNode.appendChild(button);
  });

  var box = document.getElementById("search"), count = document.getElementById("found");
  var places = all("svg .row, svg .node, table.symbols tbody tr");
  document.getElementById("search-part").hidden = places.length === 0;
  function words(place) { return (place.getAttribute("data-find") || place.textContent).toLowerCase(); }
  var hits = [], next = 0;
  box.addEventListener("input", function () {
    var wanted = box.value.trim().toLowerCase();
    document.body.classList.toggle("searching", wanted !== "");
    next = 0;
    hits = places.filter(function (place) {
      var hit = wanted !== "" && words(place).indexOf(wanted) >= 0;
      place.classList.toggle("hit", hit);
      return hit;
    });
    count.textContent = wanted === "" ? "" : hits.length + (hits.length === 1 ? " place" : " places") + (hits.length ? "; Enter goes there" : "");
  });
  box.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || hits.length === 0) return;
    event.preventDefault();
    hits[next % hits.length].scrollIntoView({ block: "center", inline: "nearest" });
    next += 1;
  });

  all("figure.matrix").forEach(function (figure) {
    var readout = figure.querySelector(".readout"), rows = all(".row", figure), columns = all(".column", figure), at = -1;
    function show(row, column) {
      rows.forEach(function (other) { other.classList.toggle("on", other === row); });
      columns.forEach(function (other, i) { other.classList.toggle("on", i === column); });
      readout.textContent = row ? row.getAttribute("data-say") : "";
    }
    rows.forEach(function (row) {
      row.addEventListener("mousemove", function (event) {
        var cell = event.target.getAttribute("data-column");
        show(row, cell === null ? -1 : Number(cell));
      });
    });
    figure.addEventListener("mouseleave", function () { show(null, -1); });
    var scroller = figure.querySelector(".scroll");
    scroller.addEventListener("keydown", function (event) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
      show(rows[at], -1);
    });
  });

  all("svg .node").forEach(function (node) {
    var edges = all(".edge", node.ownerSVGElement).filter(function (edge) {
      var id = node.getAttribute("data-node");
      return edge.getAttribute("data-from") === id || edge.getAttribute("data-to") === id;
    });
    function mark(on) { edges.forEach(function (edge) { edge.classList.toggle("on", on); }); }
    node.addEventListener("mouseenter", function () { mark(true); });
    node.addEventListener("mouseleave", function () { mark(false); });
  });

  window.addEventListener("beforeprint", function () {
    all("details:not([open])").forEach(function (one) { one.open = true; });
  });
})();
)js";

/// What the script says, as it stands there in quotes.
constexpr std::string_view script_texts[] = {N_("Copy"),   N_("Copied"),  N_("Not allowed"),
                                             N_(" place"), N_(" places"), N_("; Enter goes there")};

/// Chinese is read with fonts of its own and a little more room between lines.
constexpr std::string_view chinese_rules =
    R"css(body{line-height:1.7;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Zen Hei",sans-serif}
code,pre,svg text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono","Noto Sans Mono CJK SC","PingFang SC","Microsoft YaHei",monospace}
)css";

std::string variables(bool dark) {
  std::string out = dark ? "color-scheme:dark;" : "color-scheme:light;";
  for (const Color& color : colors)
    out += "--" + std::string(color.role) + ":" + std::string(dark ? color.dark : color.light) + ";";
  return out;
}

}  // namespace

std::span<const Color> html_colors() {
  return colors;
}
std::span<const ColorPair> html_color_pairs() {
  return pairs;
}

std::string html_style() {
  const std::string light = variables(false), dark = variables(true);
  std::string style = ":root{" + light + "}";
  style += "@media (prefers-color-scheme:dark){:root:not(:has(#theme-light:checked)){" + dark + "}}";
  style += ":root:has(#theme-dark:checked){" + dark + "}";
  style += rules;
  if (spoken() == Language::Chinese) style += chinese_rules;
  // Paper is white, whatever the screen was.
  style += "@media print{:root,:root:not(:has(#theme-light:checked)),:root:has(#theme-dark:checked){" +
           light + "}}";
  return style;
}

std::string html_script() {
  std::string text(script);
  if (spoken() == Language::English) return text;
  for (const std::string_view word : script_texts) {
    const std::string quoted = '"' + std::string(word) + '"';
    for (std::size_t at = 0; (at = text.find(quoted, at)) != std::string::npos;)
      text.replace(at + 1, word.size(), translated(word));
  }
  return text;
}

}  // namespace linkdx::report
