/** For the contract of causes: addresses that hosts have lost, and leases that do not come. */
import type { Failing } from './contract.ts';

/** Hosts that have lost what the plan, or a lease, gave them; and what a lease is asked for in vain by. */
export const ADDRESSES: Failing = {
  title: 'addresses',
  yaml: `
lab: addresses
networks:
  office: { subnet: [10.91.NET.0/24, "fd00:91:NET::/64"], dhcp: gw }
  store: [10.91.NET2.0/24, "fd00:91:NET2::/64"]
hosts:
  gw: { forward: true, networks: { office: [10.91.NET.1, "fd00:91:NET::1"], store: [10.91.NET2.1, "fd00:91:NET2::1"] } }
  alice: { networks: { office: [10.91.NET.21, "fd00:91:NET::21"] } }
  lee: { networks: [office] }
  bob: { networks: [store] }
  shelf: { service: tcp-echo, networks: { store: [10.91.NET2.40, "fd00:91:NET2::40"] } }
steps:
  - { at: bob, exec: "ip addr del $(ip -4 -o addr show dev eth0 | sed 's/.*inet //; s/ .*//') dev eth0" }
  - { name: an address that was taken from who asks, at: bob, tcp: { to: "10.91.NET2.40:9000" } }
  - { name: and is needed to come further, at: bob, tcp: { to: "10.91.NET.1:9000" } }
  - { at: alice, exec: "ip addr del fd00:91:NET::21/64 dev eth0" }
  - { name: an address of IPv6 that was taken from who asks, at: alice, tcp: { to: "[fd00:91:NET2::40]:9000", give_up: 400ms } }
  - { at: alice, exec: "ip addr add fd00:91:NET::22/64 dev eth0 nodad" }
  - { name: another address in its place, at: alice, tcp: { to: "[fd00:91:NET2::40]:9999" } }
  - { fault: { unplug: gw.office, as: out } }
  - { name: a server whose cable is out, at: lee, lease: { how: obtain, give_up: 400ms } }
  - { name: a lease that has not come, at: lee, tcp: { to: "10.91.NET2.40:9000" } }
  - { heal: out }
  - { at: lee, lease: obtain }
  - { fault: { cut: [gw, lee], as: gap } }
  - { name: a server that is cut off, at: lee, lease: { how: obtain, give_up: 400ms } }
  - { heal: gap }
  - { at: lee, lease: obtain }
  - { fault: { unplug: lee, as: out } }
  - { name: a cable of its own that is out, at: lee, lease: { how: obtain, give_up: 400ms } }
  - { heal: out }
  - { at: lee, lease: obtain }
  - { at: lee, lease: release }
  - { name: a lease that was given back, at: lee, tcp: { to: "10.91.NET2.40:9000" } }
  - { name: a lease that was given back and the own network, at: lee, tcp: { to: "10.91.NET.1:9000" } }
  - { at: lee, lease: obtain }
  - { name: a lease that is there again, at: lee, tcp: { to: "10.91.NET2.40:9999" } }
`,
  says: {
    'an address that was taken from who asks':
      /^bob's eth0 does not have 10\.91\.2\.\d+ any more: it has fd00:/,
    'and is needed to come further': /^bob's eth0 does not have 10\.91\.2\.\d+ any more: it has fd00:/,
    'an address of IPv6 that was taken from who asks':
      /^alice's eth0 does not have fd00:91:\d+::21 any more: it has 10\.91\.1\.21, fe80:[0-9a-f:]+$/,
    'another address in its place': /^RST from shelf: nothing listens on 9999 /,
    'a server whose cable is out': /^the cable of gw \(eth0, office\) is unplugged by step 8$/,
    'a lease that has not come':
      /^lee's eth0 does not have 10\.91\.1\.\d+ any more: it has fd00:.*; step 9 asked for another lease, and got none$/,
    'a server that is cut off': /^(gw and lee|lee and gw) are cut by step 13$/,
    'a cable of its own that is out': /^the cable of lee \(eth0, office\) is unplugged by step 17$/,
    'a lease that was given back':
      /^lee's eth0 does not have 10\.91\.1\.\d+ any more: .*; its lease was given back by step 21$/,
    'a lease that was given back and the own network':
      /^lee's eth0 does not have 10\.91\.1\.\d+ any more: .*; its lease was given back by step 21$/,
    'a lease that is there again': /^RST from shelf: nothing listens on 9999 /,
  },
};
