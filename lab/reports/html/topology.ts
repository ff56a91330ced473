/** The lab on a page: a drawing for wide screens, one for narrow ones, and the same as text. */
import { type Markup, tag } from '../markup.ts';
import { plural } from '../printable.ts';
import type { RunResult } from '../result.ts';
import { layoutTopology } from '../topology.ts';
import { topologySvg } from '../topology-svg.ts';

const WIDE = 1120;
const NARROW = 340;

export function topologyMarkup(run: Pick<RunResult, 'networks' | 'hosts'>): Markup {
  const label = `${plural(run.networks.length, 'network')}, ${plural(run.hosts.length, 'host')}: the table below says the same`;
  return tag(
    'section',
    { class: 'lab' },
    tag('h2', {}, 'Topology'),
    tag('div', { class: 'scroll' }, topologySvg(layoutTopology(run, WIDE), label, 'topology wide')),
    tag('div', { class: 'scroll' }, topologySvg(layoutTopology(run, NARROW), label, 'topology narrow')),
    tag(
      'details',
      { class: 'hosts' },
      tag('summary', {}, 'Hosts and addresses'),
      tag('div', { class: 'scroll' }, table(run)),
    ),
  );
}

function table({ hosts }: Pick<RunResult, 'hosts'>): Markup {
  const rows = hosts.flatMap(({ name, interfaces, program }) =>
    (interfaces.length > 0 ? interfaces : [undefined]).map((card) =>
      tag(
        'tr',
        {},
        tag('th', { scope: 'row' }, name),
        [card?.network, card?.address, card && `${card.name} ${card.mac}`, program].map((text) =>
          tag('td', {}, text ?? ''),
        ),
      ),
    ),
  );
  const heads = ['host', 'network', 'address', 'card', 'program'].map((text) =>
    tag('th', { scope: 'col' }, text),
  );
  return tag('table', {}, tag('thead', {}, tag('tr', {}, heads)), tag('tbody', {}, rows));
}
