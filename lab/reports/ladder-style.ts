/** The style of ladders and pages: colours by name, light and dark, and the shapes that use them. */

/** On `paper` every text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); test/reports/ladder-svg.test.ts. */
export const LIGHT = {
  paper: '#ffffff',
  raised: '#f5f7fa',
  sunk: '#eaeef3',
  ink: '#1b2430',
  muted: '#566170',
  rail: '#b9c2ce',
  edge: '#dde3ea',
  accent: '#1c57b3',
  tcp: '#1c57b3',
  udp: '#0a6b6b',
  arp: '#85560a',
  icmp: '#8a2ea6',
  other: '#525c6b',
  good: '#17733a',
  bad: '#b8232c',
  warn: '#85560a',
  goodfill: '#e5f4ea',
  badfill: '#fbe9e9',
  warnfill: '#fbf1dc',
  mark: '#fff0b8',
} as const;

export const DARK: Record<keyof typeof LIGHT, string> = {
  paper: '#10151c',
  raised: '#181f29',
  sunk: '#212a36',
  ink: '#e4e9f0',
  muted: '#9da9b8',
  rail: '#465262',
  edge: '#2a3442',
  accent: '#82b4ff',
  tcp: '#82b4ff',
  udp: '#5ccfc3',
  arp: '#e3b456',
  icmp: '#dba3f2',
  other: '#aab4c1',
  good: '#5ecb80',
  bad: '#ff8f88',
  warn: '#e3b456',
  goodfill: '#15301f',
  badfill: '#3a1a1d',
  warnfill: '#33290f',
  mark: '#40350a',
};

function variables(colours: Record<string, string>): string {
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}

/** The colours as variables. Pages are printed on white, also from a dark screen. */
export const COLOURS = [
  `:root{color-scheme:light dark;${variables(LIGHT)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}`,
].join('\n');

export const SANS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif';
export const MONO =
  'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace';

const FAMILY_COLOURS = ['arp', 'icmp', 'udp', 'tcp', 'other']
  .map((family) => `.${family}{--family:var(--${family})}`)
  .join('\n');

export const LADDER_STYLE = `${FAMILY_COLOURS}
.lane{stroke:var(--rail);stroke-width:1.5}
.arrow .shaft,.fold .shaft{stroke:var(--family);stroke-width:1.6;fill:none}
.head,.origin{fill:var(--family)}
.label{font:12px ${SANS};fill:var(--family);text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.unfinished{stroke:var(--rail);stroke-width:1.4;stroke-dasharray:1.5 4;stroke-linecap:round}
.cross{stroke:var(--bad);stroke-width:2.4;fill:none;stroke-linecap:round}
.nowhere{fill:none;stroke:var(--bad);stroke-width:1.6}
.unheard .nowhere,.unknown .nowhere{stroke:var(--family)}
.missing .shaft{stroke:var(--bad);stroke-width:1.6;stroke-dasharray:5 4}
.unseen .head{fill:var(--paper);stroke:var(--family);stroke-width:1.3}
.missing .head{fill:var(--paper);stroke:var(--bad);stroke-width:1.3}
.missing .label{fill:var(--bad);font-style:italic}
.fold .shaft{stroke-dasharray:2 3;stroke-width:1}
.state rect{fill:var(--paper);stroke:var(--rail)}
.state.open rect{fill:var(--goodfill);stroke:var(--good)}
.state text{font:10.5px ${MONO};fill:var(--ink);text-anchor:middle}
.brace line,.brace path{stroke:var(--muted);stroke-width:1.2;fill:none}
.brace text{font:italic 12px ${SANS};fill:var(--muted)}`;
