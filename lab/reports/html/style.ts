/** The style of pages: calm, dense, system fonts; one column on narrow screens and on paper. */
import { COLOURS, LADDER_STYLE, MONO, SANS } from '../ladder-style.ts';
import { TOPOLOGY_STYLE } from '../topology-svg.ts';
import { PRINT_STYLE } from './print-style.ts';

const BASE = `*{box-sizing:border-box}
html{scroll-padding-top:12px}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.5 ${SANS};-webkit-text-size-adjust:100%}
main{max-width:1240px;margin:0 auto;padding:28px 28px 64px}
h1{font-size:26px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em;display:flex;flex-wrap:wrap;align-items:center;gap:8px 14px}
h2{font-size:15px;margin:34px 0 10px;letter-spacing:.01em}
p{margin:0 0 8px}
code,.did,dd,.place{overflow-wrap:anywhere}
code{font:12px ${MONO}}
a{color:var(--accent)}
.sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.scroll{position:relative;overflow-x:auto;overflow-y:hidden}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
summary{cursor:pointer}
.run+.run{margin-top:56px;padding-top:40px;border-top:1px solid var(--edge)}
footer{margin-top:48px;color:var(--muted);font-size:12.5px}`;

const HEADING = `.badge{font-size:13px;font-weight:600;letter-spacing:0;padding:3px 11px;border-radius:99px}
.badge.held{background:var(--goodfill);color:var(--good)}
.badge.failed{background:var(--badfill);color:var(--bad)}
.about{font-size:15px;color:var(--muted);max-width:70ch}
.stopped{background:var(--badfill);color:var(--bad);padding:8px 12px;border-radius:6px;font-weight:600}
.facts{display:flex;flex-wrap:wrap;gap:4px 26px;margin:14px 0 16px;font-size:13px}
.facts dt{display:inline;color:var(--muted);margin-right:7px}
.facts dd{display:inline;margin:0}
.strip{display:flex;flex-wrap:wrap;gap:4px}
.strip a{min-width:26px;padding:1px 5px;text-align:center;border-radius:4px;font-size:12px;font-variant-numeric:tabular-nums;text-decoration:none}
.strip .held{background:var(--goodfill);color:var(--good)}
.strip .failed,.strip .incomplete{background:var(--bad);color:var(--paper);font-weight:700}
.strip .skipped{background:var(--warnfill);color:var(--warn)}
.strip .missed{background:var(--sunk);color:var(--muted)}
.strip a:hover{outline:1.5px solid currentColor}
.lacking,.hosts{margin-top:12px;font-size:13px}
.lacking summary,.hosts summary{color:var(--muted)}
.hint{background:var(--raised);border:1px solid var(--edge);border-radius:6px;padding:9px 13px;font-size:13px;max-width:none}
.alone{margin-top:22px}
table{border-collapse:collapse;margin-top:8px;font-size:12.5px}
th,td{text-align:left;padding:4px 16px 4px 0;border-bottom:1px solid var(--edge);font-weight:400}
th[scope=row]{font-weight:600}
thead th{color:var(--muted)}
td{font-family:${MONO};font-size:12px}
.topology{display:block}
.narrow{display:none}`;

const STEPS = `.steps-head{display:flex;align-items:baseline;justify-content:space-between}
.tool{font:13px ${SANS};color:var(--accent);background:none;border:1px solid var(--edge);border-radius:6px;padding:4px 11px;cursor:pointer}
.tool:hover{background:var(--raised)}
.step,.pointer{border:1px solid var(--edge);border-bottom-width:0}
.step:first-of-type,h2+.pointer,h2+.step{border-top-left-radius:8px;border-top-right-radius:8px}
.step:last-child,.pointer:last-child{border-bottom-width:1px;border-bottom-left-radius:8px;border-bottom-right-radius:8px}
.step>summary,.pointer{display:flex;align-items:baseline;gap:10px;padding:7px 14px;list-style:none}
.step>summary::-webkit-details-marker{display:none}
.step>summary:hover,.pointer:hover{background:var(--raised)}
.step[open]>summary{background:var(--raised);border-bottom:1px solid var(--edge)}
.step[open]>summary:hover{background:var(--sunk)}
.pointer{color:inherit;text-decoration:none}
.failures .step{border-color:var(--bad);border-bottom-width:1px;border-radius:8px;overflow:hidden;margin-bottom:14px}
.failures .step>summary{background:var(--badfill)}
.failures .step>summary:hover{background:var(--badfill)}
.sign{font-weight:700;flex:0 0 13px;text-align:center}
.held>summary .sign,.checks .held>.sign{color:var(--good)}
.failed>summary .sign,.incomplete>summary .sign,.checks .failed>.sign,.checks .incomplete>.sign,.pointer .sign{color:var(--bad)}
.skipped>summary .sign{color:var(--warn)}
.missed>summary .sign,.missed>summary .title{color:var(--muted)}
.index{flex:0 0 22px;text-align:right;color:var(--muted);font-variant-numeric:tabular-nums}
.title{flex:1 1 auto;font-weight:500;overflow-wrap:anywhere;min-width:0}
.failures .title{font-weight:600}
.meta{display:flex;gap:14px;flex:0 0 auto;color:var(--muted);font-size:12.5px;font-variant-numeric:tabular-nums;white-space:nowrap}
.host-name,.count,.took{min-width:58px;text-align:right}
.count{min-width:72px}
.body{display:flex;flex-wrap:wrap;overflow:hidden}
.body.bare{display:block}
.found{flex:4 1 260px;padding:13px 18px 12px 14px;font-size:13.5px;min-width:0}
.wire,.silence{flex:9 1 auto;max-width:100%;box-shadow:-1px -1px 0 var(--edge)}
.wire{padding:12px 8px 10px 14px;min-width:0}
.silence{flex-basis:600px;padding:13px 14px;color:var(--muted);margin:0}
.did{font:12px/1.55 ${MONO};color:var(--muted);margin-bottom:10px}
.checks{list-style:none;margin:0;padding:0}
.checks li{position:relative;padding:2px 0 3px 21px;overflow-wrap:anywhere}
.checks .sign{position:absolute;left:0}
.checks .failed>.what,.checks .incomplete>.what{font-weight:600}
.reasons{margin:4px 0 8px;font-size:13px}
.reasons div{display:grid;grid-template-columns:68px minmax(0,1fr);gap:2px 8px;padding:2px 0}
.reasons dt{color:var(--muted)}
.reasons dd{margin:0;white-space:pre-wrap}
.reasons.wrong{border-left:3px solid var(--bad);padding-left:10px}
.reasons.wrong .why dd{font-weight:600}
.reasons.skip{background:var(--warnfill);border-radius:6px;padding:7px 11px}
.stderr{margin:10px 0 0;font-size:12.5px}
.stderr figcaption{color:var(--muted)}
.stderr pre{font:12px/1.5 ${MONO};margin:2px 0 0;padding:7px 10px;background:var(--sunk);border-radius:6px;overflow:auto;max-height:320px}
.place{font-size:12px;color:var(--muted);margin:10px 0 0}`;

const LADDER = `${LADDER_STYLE}
.ladder{width:max-content;min-width:100%}
.ladder ol{list-style:none;margin:0;padding:0}
.lanes,.row>button,.absent>div,.folded>details>summary{display:flex;align-items:stretch}
.lanes{position:relative}
.lanes svg{display:block;overflow:visible}
.name{font:600 12.5px ${SANS};fill:var(--ink);text-anchor:middle}
.address{font:10.5px ${MONO};fill:var(--muted);text-anchor:middle}
.when{flex:0 0 120px;padding-top:12px;font:11px/18px ${MONO};color:var(--muted);display:flex;white-space:nowrap}
.lanes .when{justify-content:flex-end;padding-right:25px}
.number{flex:0 0 30px;text-align:right;opacity:.85}
.time{flex:1;text-align:right}
.tick{flex:0 0 24px;text-align:center;font:700 13px/18px ${SANS};color:var(--good)}
.wrong .tick{color:var(--bad)}
.draw{position:relative;display:block;flex:none}
.draw svg{position:absolute;inset:0;height:100%;overflow:visible}
.row>button{width:100%;padding:0;margin:0;border:0;background:none;color:inherit;font:inherit;text-align:left;cursor:pointer;border-radius:4px}
.row>button:hover,.folded summary:hover{background:var(--raised)}
.row>button:hover .label{stroke:var(--raised)}
.row>button[aria-expanded=true]{background:var(--sunk)}
.row>button[aria-expanded=true] .label{stroke:var(--sunk)}
.row>button:focus-visible,.folded summary:focus-visible{outline-offset:-2px}
.folded summary{list-style:none}
.folded summary::-webkit-details-marker{display:none}
.folded ol{border-left:3px solid var(--edge);margin-left:4px}
.folded ol .when{flex-basis:113px}
.aside{flex:1;width:0;min-width:210px;padding:12px 8px 0 10px;font-size:12px;line-height:18px;color:var(--muted)}
.aside>span{display:block}
.aside .note,.aside .forbidden,.missing-line{color:var(--ink)}
.aside .note{font-style:italic}
.aside .matched code{color:var(--good)}
.aside .forbidden,.missing-line{color:var(--bad)}
.missing-line code{display:block}
.more{padding:6px 0 6px 120px;color:var(--muted);font-size:12.5px}`;

const OPENED = `.opened{border:1px solid var(--edge);border-radius:8px;background:var(--raised);margin:4px 4px 10px;padding:12px 14px;max-width:900px;width:0;min-width:calc(100% - 8px)}
.opened header{display:flex;justify-content:space-between;gap:12px;align-items:start}
.opened .whole{font:12.5px/1.5 ${MONO};overflow-wrap:anywhere;margin:0 0 4px}
.opened .seen{font-size:12px;color:var(--muted);margin:0 0 10px}
.opened .layers{columns:270px;column-gap:26px;margin-top:10px}
.opened .layer{break-inside:avoid;margin-bottom:10px}
.opened h4{margin:0 0 2px;font-size:12.5px;display:flex;gap:8px;align-items:baseline}
.opened h4 small{font-weight:400;color:var(--muted);font-size:11.5px}
.opened ul{list-style:none;margin:0;padding:0;font-size:12.5px}
.opened li{display:flex;gap:10px;padding:0 6px;border-radius:3px;cursor:default}
.opened li b{flex:0 0 128px;font-weight:400;color:var(--muted)}
.opened li span{overflow-wrap:anywhere;min-width:0}
.opened li i{color:var(--muted);font-style:normal;margin-left:6px}
.opened li.lit{background:var(--mark)}
.opened li:focus-visible{outline-offset:-1px}
.hex{overflow-x:auto;font:12px/1.6 ${MONO};margin:0;white-space:pre;color:var(--ink)}
.hex .at{color:var(--muted)}
.hex .b{padding:2px 0}
.hex .lit{background:var(--mark);box-shadow:0 0 0 1px var(--mark)}
.close{border:0;background:none;font:inherit;color:var(--muted);cursor:pointer;padding:0 4px}
.close:hover{color:var(--ink)}`;

const NARROW = `@media screen and (max-width:980px){.body{display:block}}
@media screen and (max-width:700px){main{padding:18px 14px 48px}.wide{display:none}.topology.narrow{display:block}.ladder.wide{display:block}
.step>summary,.pointer{flex-wrap:wrap;padding:8px 10px;gap:2px 8px}.title{flex:1 1 70%}.meta{padding-left:52px;flex:1 0 100%;gap:12px}.host-name,.count,.took{min-width:0}
.found{padding:11px 10px}.wire{padding:10px 4px}.row>button,.absent>div{position:relative;flex-wrap:wrap}.when,.folded ol .when{position:absolute;left:0;z-index:1;width:46px;font-size:10px}.lanes .when{display:none}.number,.tick{display:none}.aside{flex:0 0 100%;width:auto;padding:0 8px 6px 60px;max-width:calc(100vw - 46px)}.aside:empty{display:none}.more{padding-left:14px}
.opened{position:sticky;left:4px;min-width:0;width:calc(100vw - 46px);padding:10px}.opened li b{flex-basis:104px}}`;

export const PAGE_STYLE = [
  COLOURS,
  BASE,
  HEADING,
  TOPOLOGY_STYLE,
  STEPS,
  LADDER,
  OPENED,
  NARROW,
  PRINT_STYLE,
].join('\n');
