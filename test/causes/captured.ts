/** For the contract of causes: what captures show and no table does. */
import type { Failing } from './contract.ts';

const TWIN = `const s = require('dgram').createSocket('udp4'); s.on('message', (b, { address, port }) => s.send('x', port, address)); s.bind(9000, () => console.log('up'))`;

/** What captures add: which frame it was, and what no table shows. */
export const CAPTURED: Failing = {
  title: 'captured',
  capture: true,
  yaml: `
lab: captured
networks: { office: 10.91.NET.0/24, store: 10.91.NET2.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.91.NET.10 } }
  twin:
    command: [node, -e, ${JSON.stringify(TWIN)}]
    ready: { log: up }
    networks: { office: 10.91.NET.31, store: 10.91.NET2.31 }
  alice: { networks: { office: 10.91.NET.21 } }
steps:
  - { at: alice, exec: ip route add 10.91.NET2.0/24 via 10.91.NET.31 }
  - { name: a reply from another address, at: alice, udp: { to: "10.91.NET2.31:9000", send: a, connect: true }, expect: { receive: x, within: 300ms } }
  - { name: a reset that was seen, at: alice, tcp: { to: "echo:9999" } }
  - { at: alice, exec: ip neigh replace 10.91.NET.10 lladdr $(ip neigh show 10.91.NET.10 | cut -d' ' -f5) nud permanent dev eth0 }
  - { fault: { cut: [alice, echo], as: gap } }
  - { name: a SYN that was lost, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { at: alice, exec: ip neigh del 10.91.NET.10 dev eth0 }
  - { name: a question that was lost, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { heal: gap }
  - { at: echo, exec: "nft add table inet user; nft add chain inet user input '{ type filter hook input priority 0; }'; nft add rule inet user input limit rate 1/day burst 1 packets accept; nft add rule inet user input limit rate 1/day burst 1 packets accept; nft add rule inet user input tcp dport 9000 drop" }
  - { at: alice, exec: "ping -c 2 -i 0.2 10.91.NET.10" }
  - { name: a SYN that arrived and had no answer, at: alice, tcp: { to: "echo:9000", give_up: 1500ms } }
`,
  says: {
    'a reply from another address':
      /^reply left from 10\.91\.1\.31 \(frame \d+\), not the 10\.91\.2\.31 it was asked on; /,
    'a reset that was seen':
      /^RST from echo \(frame \d+\): nothing listens on 9999 \(it listens on 7, 9000\)$/,
    'a SYN that was lost': /^SYN left alice \(frame \d+\), never reached echo: cut by step 5$/,
    'a question that was lost': /^ARP request left alice \(frame \d+\), never reached echo: cut by step 5$/,
    'a SYN that arrived and had no answer': /^SYN reached echo \(frame \d+\), and nothing came back$/,
  },
};
