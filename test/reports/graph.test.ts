/** The graph of a lab in every format, against golden files. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { type Graph, graphOf } from '../../lab/reports/graph.ts';
import { graphDot } from '../../lab/reports/graph-dot.ts';
import { drawnWords } from '../../lab/reports/graph-label.ts';
import { graphMermaid } from '../../lab/reports/graph-mermaid.ts';
import { graphSvg } from '../../lab/reports/graph-svg.ts';
import { graphText } from '../../lab/reports/graph-text.ts';
import { topologyMarkup } from '../../lab/reports/html/topology.ts';
import { resultOf } from '../../lab/run/result-of-run.ts';
import { planOf } from '../lab.ts';
import { describeNeeding } from '../needs.ts';
import { expectGolden } from './golden.ts';
import { graphs, HOSTILE, running } from './graphs.ts';
import { readMermaid } from './mermaid.ts';

const FORMATS = {
  txt: (graph: Graph) => graphText(graph, { colour: false }),
  mmd: graphMermaid,
  dot: graphDot,
  svg: graphSvg,
};

describe('a topology', () => {
  test.each(
    Object.keys(graphs).flatMap((name) => Object.entries(FORMATS).map(([ending]) => [name, ending] as const)),
  )('%s is drawn as it was looked at and found right (%s)', (name, ending) => {
    expectGolden(`graph-${name}.${ending}`, FORMATS[ending as keyof typeof FORMATS](graphs[name]!, name));
  });

  test.each(Object.entries(FORMATS))('says which machine holds a host (%s)', (_, write) => {
    const { networks, hosts } = graphs.chain!;
    const graph = { networks, hosts: hosts.map((host) => ({ ...host, node: `m-of-${host.name}` })) };
    for (const { name } of hosts) expect(write(graph, 'chain')).toContain(`on m-of-${name}`);
  });

  test('a host on two networks is a router only where it forwards', () => {
    const routers = graphs.chain!.hosts.filter(({ router }) => router);
    expect(routers.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  test('routes to the same neighbour are one, with its name', () => {
    const way = { via: '10.0.0.1', interface: 'eth0' };
    const card = { name: 'eth0', network: 'office', addresses: ['10.0.0.1'] };
    const { hosts } = graphOf({
      networks: [],
      hosts: [
        { name: 'gate', interfaces: [card] },
        {
          name: 'alice',
          interfaces: [],
          routes: [
            { to: '10.1.0.0/24', ...way },
            { to: '10.3.0.0/24', via: '10.0.0.9', interface: 'eth0' },
            { to: '10.2.0.0/24', ...way },
          ],
        },
      ],
    });
    expect(hosts[1]!.routes).toEqual([
      { to: ['10.1.0.0/24', '10.2.0.0/24'], neighbour: 'gate', ...way },
      { to: ['10.3.0.0/24'], via: '10.0.0.9', interface: 'eth0' },
    ]);
  });

  test('what a router does to addresses and packets is said in the words of the scenario', () => {
    const { rules } = graphs.home!.hosts.find(({ name }) => name === 'gate')!;
    expect(rules).toEqual([
      'nat to outside as 10.50.2.1',
      'nat symmetric',
      'nat tcp 80 to alice:8080',
      'deny udp alice > *:53',
      'allow tcp alice > *',
      'deny the rest',
    ]);
  });

  test('text is not wider than asked for, and nothing but a program is cut', () => {
    const text = graphText(graphs.chain!, { colour: false, width: 44 });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(44);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('10.50.3.0/24 via 10.50.2.2 (two) dev eth1');
  });
});

describe('the topology of a run', () => {
  const plan = planOf(`
lab: routed
networks: { home: { subnet: 10.50.1.0/24, mtu: 1400, link: { delay: 5ms } }, out: { subnet: 10.50.2.0/24, internet: true } }
hosts:
  gate: { forward: true, networks: { home: 10.50.1.1, out: 10.50.2.1 } }
  alice: { command: [sleep, "1000"], networks: { home: { address: 10.50.1.21, link: lte } } }
`);
  const scenario = { file: 'routed.yaml', lab: 'routed', networks: [], hosts: [], steps: [] };
  const engine = { name: 'netns' } as Engine;
  const course = { started: new Date(), began: 0, capabilities: new Map(), steps: [] };
  const run = resultOf(scenario, plan, { engine }, course);

  test('is drawn as its plan is', () => {
    expect(graphOf(run)).toEqual(graphOf(plan));
  });

  test('has its routes as a table on the page', () => {
    const { markup } = topologyMarkup(run);
    expect(markup).toContain(
      '<tr><th scope="row">alice</th><td>default via 10.50.1.1 (gate)</td><td>eth0</td></tr>',
    );
    expect(topologyMarkup({ ...run, hosts: [] }).markup).not.toContain('Routes');
  });

  test('has the rules of its routers in that table', () => {
    const rules = ['nat to out as 10.50.2.1'];
    const hosts = run.hosts.map((host) => (host.name === 'gate' ? { ...host, rules } : host));
    expect(topologyMarkup({ ...run, hosts }).markup).toContain('<td>nat to out as 10.50.2.1</td>');
  });
});

describe('Mermaid', () => {
  test.each(Object.entries(graphs))('%s is read back: nodes, cables, addresses', (name, graph) => {
    const { title, nodes, edges } = readMermaid(graphMermaid(graph, name));
    expect(title).toBe(name);
    expect(nodes.size).toBe(graph.networks.length + graph.hosts.length);
    const drawn = edges.map(({ from, to, label }) => {
      const [host] = nodes.get(to)!;
      // At a cable stands its address, of a host that has several, and then what its link does.
      const cables = edges.filter((one) => one.to === to).length;
      const address = cables > 1 ? label!.split('<br/>')[0] : nodes.get(to)![1];
      return `${nodes.get(from)![0]} ${host} ${address}`;
    });
    expect(drawn).toEqual(
      graph.hosts.flatMap(({ name, interfaces }) =>
        interfaces.map(({ network, addresses }) => `${network} ${name} ${addresses[0]}`),
      ),
    );
  });

  test('any text comes back as it was', () => {
    const any = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(any, (program) => {
        const { nodes } = readMermaid(graphMermaid(running(program), program));
        expect(nodes.get('h0')!.slice(2)).toEqual([drawnWords(program)]);
      }),
      { examples: HOSTILE.map((text) => [text]) },
    );
  });
});

const lacksDot =
  spawnSync('dot', ['-V']).status === 0 ? undefined : 'dot is not installed; apt-get install graphviz';

function dot(input: string, format: 'plain' | 'svg'): string {
  const { status, stdout, stderr } = spawnSync('dot', [`-T${format}`], { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

describeNeeding('dot', lacksDot, 'DOT, read by Graphviz', () => {
  test.each(Object.entries(graphs))(
    '%s has a node for each network and host, and every cable',
    (name, graph) => {
      const lines = dot(graphDot(graph, name), 'plain').split('\n');
      const count = (kind: string) => lines.filter((line) => line.startsWith(`${kind} `)).length;
      expect(count('node')).toBe(graph.networks.length + graph.hosts.length);
      expect(count('edge')).toBe(graph.hosts.flatMap(({ interfaces }) => interfaces).length);
    },
  );

  test('a network and a host of the same name are two, and a word of the language is a name', () => {
    const graph = running('sleep');
    graph.networks[0]!.name = 'node';
    graph.hosts[0]!.interfaces[0]!.network = 'node';
    const lines = dot(graphDot(graph, 'subgraph'), 'plain').split('\n');
    expect(lines.filter((line) => line.startsWith('node '))).toHaveLength(2);
  });

  test.each(HOSTILE)('draws %j as it was', (program) => {
    const svg = dot(graphDot(running(program), program), 'svg');
    const texts = [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, text]) => plainText(text!));
    expect(texts).toEqual(['end', '10.50.1.0/24', 'node', '10.50.1.1', drawnWords(program)]);
  });
});

/** XML's entities as Graphviz writes them. */
function plainText(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', nbsp: ' ' };
  return text
    .replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
      code ? String.fromCodePoint(Number(code)) : names[name]!,
    )
    .replaceAll('\u00a0', ' ');
}
