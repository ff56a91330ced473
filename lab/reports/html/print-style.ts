/** The style on paper: all folds are open, nothing scrolls, and parts that belong together stay on one page. */
export const PRINT_STYLE = `@media print{@page{margin:14mm 12mm}
body{font-size:10.5pt}
main{max-width:none;padding:0}
.tool,.strip,.close,.pointer{display:none}
details::details-content{content-visibility:visible;display:block;height:auto}
.body{display:block}
.body,.scroll,.stderr pre{overflow:visible}
.stderr pre{max-height:none;white-space:pre-wrap}
.row,.step>summary,.checks li,.opened h4,.host{break-inside:avoid}
.step>summary,h2,.lanes{break-after:avoid}
.ladder{min-width:0}
.ladder.wide{zoom:.82}
.ladder.huge{zoom:.6}
.topology.wide{max-width:100%;height:auto}
.topology.narrow{display:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}`;
