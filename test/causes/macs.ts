/** Causes where hosts speak with other MACs than those that the plan gave them. */
import type { Failing } from './contract.ts';

/** A host that speaks with other MACs than its card was planned with: neither is it called another's, nor a cut overlooked. */
export const MACS: Failing = {
  title: 'macs',
  capture: true,
  yaml: `
lab: macs
networks: { office: 10.91.NET.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.91.NET.10 } }
  alice: { networks: { office: 10.91.NET.21 } }
steps:
  - { at: alice, exec: "ping -c 1 -W 5 10.91.NET.10 && ip neigh replace 10.91.NET.10 lladdr $(ip neigh show 10.91.NET.10 | cut -d' ' -f5) nud permanent dev eth0" }
  - { at: echo, exec: ip link set dev eth0 address 02:00:00:00:00:99 }
  - { name: a MAC that was changed, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { at: alice, exec: ip neigh del 10.91.NET.10 dev eth0 }
  - { name: a reset from a changed MAC, at: alice, tcp: { to: "echo:9999" } }
  - { fault: { cut: [alice, echo], as: gap } }
  - { name: a changed MAC into a cut, before: [{ forget: neighbours }], at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { at: alice, exec: ip neigh replace 10.91.NET.10 lladdr 02:00:00:00:00:99 nud permanent dev eth0 }
  - { name: a SYN for a changed MAC into a cut, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { heal: gap }
  - { at: echo, exec: ip link add link eth0 name vr address 02:00:00:00:00:77 type macvlan mode bridge && ip link set vr up }
  - { at: alice, exec: ip neigh replace 10.91.NET.10 lladdr 02:00:00:00:00:77 nud permanent dev eth0 }
  - { at: echo, exec: "nft add table inet user; nft add chain inet user input '{ type filter hook input priority 0; }'; nft add rule inet user input tcp dport 9000 drop" }
  - { name: a virtual MAC of the host’s own, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
`,
  says: {
    'a MAC that was changed':
      /^alice's neighbour table has 02:[0-9a-f:]+ for 10\.91\.1\.10, echo's card is 02:00:00:00:00:99$/,
    'a reset from a changed MAC': /^RST from echo \(frame \d+\): nothing listens on 9999 /,
    'a changed MAC into a cut': /^ARP request left alice \(frame \d+\), never reached echo: cut by step 6$/,
    'a SYN for a changed MAC into a cut': /^SYN left alice \(frame \d+\), never reached echo: cut by step 6$/,
    'a virtual MAC of the host’s own': /^dropped by a rule on echo/,
  },
};
