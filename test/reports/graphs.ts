/** Labs of which every drawing is a golden file, and one whose texts mean something to every format. */
import { type Graph, graphOf } from '../../lab/reports/graph.ts';
import { planOf } from '../lab.ts';

const lan = planOf(`
lab: lan
networks: { office: 10.50.1.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.50.1.10 } }
  alice: { networks: { office: 10.50.1.21 } }
  bob: { networks: { office: 10.50.1.22 } }
`);

/** Three networks in a row, two routers; `both` is on two networks and hands nothing on. */
const chain = planOf(`
lab: chain
networks: { home: 10.50.1.0/24, middle: { subnet: 10.50.2.0/24, mtu: 1400 }, end: 10.50.3.0/24 }
hosts:
  one: { forward: true, networks: { home: 10.50.1.1, middle: 10.50.2.1 } }
  two: { forward: true, networks: { middle: 10.50.2.2, end: 10.50.3.1 } }
  alice: { networks: { home: 10.50.1.21 } }
  bob: { networks: { home: 10.50.1.22 } }
  both: { networks: { middle: 10.50.2.30, end: 10.50.3.30 } }
  echo: { service: tcp-echo, networks: { end: 10.50.3.10 } }
`);

/** A router between two networks that also changes addresses, and stops some packets. */
const home = planOf(`
lab: home
networks: { inside: 10.50.1.0/24, outside: { subnet: 10.50.2.0/24, internet: true } }
hosts:
  gate:
    forward: true
    networks: { inside: 10.50.1.1, outside: 10.50.2.1 }
    nat: { outside: outside, kind: symmetric, ports: { tcp: { "80": "alice:8080" } } }
    deny: ["udp alice > *:53"]
    allow: ["tcp alice > *"]
  alice: { command: [sleep, "1000"], networks: { inside: 10.50.1.21 } }
  graph: { networks: { outside: 10.50.2.10 } }
`);

/** A network whose frames are late, a card behind a preset, and a router with a link on one of its cables. */
const linked = planOf(`
lab: linked
networks: { lan: { subnet: 10.50.1.0/24, link: { delay: 20ms, loss: 10% } }, wan: 10.50.2.0/24 }
hosts:
  gate: { forward: true, networks: { lan: 10.50.1.1, wan: { address: 10.50.2.1, link: dsl } } }
  alice: { networks: { lan: { address: 10.50.1.21, link: { in: { rate: 1Mbit/s, queue: 20 packets } } } } }
  echo: { service: tcp-echo, networks: { wan: { address: 10.50.2.10, link: transatlantic } } }
`);

export const graphs: Record<string, Graph> = {
  lan: graphOf(lan),
  chain: graphOf(chain),
  home: graphOf(home),
  linked: graphOf(linked),
};

/** A lab with one host that runs this. */
export function running(program: string): Graph {
  return graphOf({
    networks: [{ name: 'end', subnets: ['10.50.1.0/24'] }],
    hosts: [
      {
        name: 'node',
        program,
        interfaces: [{ name: 'eth0', network: 'end', addresses: ['10.50.1.1'] }],
      },
    ],
  });
}

/** Texts that a format could take for its own. */
export const HOSTILE = [
  'say "quoted"',
  'ends with \\',
  '\\N \\G \\"',
  '&amp; <b>bold</b> #34;',
  '"]; end',
  'style a:#b;',
  'classDef a:#b;',
  '%%{init: {}}%%',
  '`*markdown* _here_`',
  'subgraph end',
  'два 二 🙂',
  'line\nline',
  '\x1b[31m\u202e',
];
