/** Causes that follow the kernels as they are now, whatever the plan says. */
import type { Failing } from './contract.ts';

/** As the kernels have it now, whatever the plan says: addresses that moved, broadcasts of other networks, one way. */
export const KERNELS: Failing = {
  title: 'kernels',
  yaml: `
lab: kernels
networks: { plant: 10.91.NET.0/24, office: 10.91.NET2.0/24 }
hosts:
  gw: { forward: true, networks: { plant: 10.91.NET.1, office: 10.91.NET2.1 } }
  fwd: { forward: true, sysctls: { net.ipv4.conf.all.bc_forwarding: 1, net.ipv4.conf.default.bc_forwarding: 1 }, networks: { plant: 10.91.NET.2, office: 10.91.NET2.2 } }
  old: { service: tcp-echo, networks: { plant: 10.91.NET.10 }, gateway: gw }
  new: { networks: { plant: 10.91.NET.11 }, gateway: gw }
  srv: { service: tcp-echo, networks: { plant: 10.91.NET.12 }, gateway: gw }
  dev: { networks: { plant: 10.91.NET.21 }, gateway: gw }
  scada: { networks: { office: 10.91.NET2.30 }, gateway: gw }
  pc: { networks: { plant: 10.91.NET.50 }, gateway: gw }
steps:
  - { at: old, exec: ip address del 10.91.NET.10/24 dev eth0 }
  - { at: new, exec: "ip address add 10.91.NET.10/24 dev eth0; nft 'table ip f { chain i { type filter hook input priority 0; tcp dport 9000 drop; }; }'" }
  - { name: a datagram to an address that moved, at: pc, udp: { to: "10.91.NET.10:9000", send: x, connect: true }, expect: { receive: X, within: 300ms } }
  - { name: a connection to an address that moved, at: pc, tcp: { to: "10.91.NET.10:9000", give_up: 400ms } }
  - { name: a connection by a router to an address that moved, at: scada, tcp: { to: "10.91.NET.10:9000", give_up: 400ms } }
  - { at: new, exec: ip address del 10.91.NET.10/24 dev eth0 }
  - { name: an address that nobody has any more, at: pc, tcp: { to: "10.91.NET.10:9000", give_up: 400ms } }
  - { at: dev, listen: { udp: 47808, as: ear } }
  - { name: the broadcast of another network, at: scada, udp: { to: "10.91.NET.255:47808", send: who-is }, expect: { seen: dev, within: 300ms } }
  - { at: scada, listen: { udp: 47808, as: ear } }
  - { name: the same where the sender listens too, at: scada, udp: { to: "10.91.NET.255:47808", send: who-is }, expect: { seen: dev, within: 300ms } }
  - { name: a broadcast asked of a host of another network, at: scada, udp: { to: "10.91.NET2.255:47808", send: who-is }, expect: { seen: dev, within: 300ms } }
  - { name: a broadcast to everybody asked of another network, at: scada, udp: { to: "255.255.255.255:47808", send: who-is }, expect: { seen: dev, within: 300ms } }
  - { name: a port that nobody has there, at: pc, udp: { to: "10.91.NET.255:47809", send: who-is }, expect: { seen: dev, within: 300ms } }
  - { at: scada, exec: "ip route replace 10.91.NET.0/24 via 10.91.NET2.2" }
  - { at: scada, udp: { to: "10.91.NET.255:47808", send: who-is }, expect: { seen: dev } }
  - { at: dev, exec: sleep 0.01 }
  - { name: a port that nobody has behind the router, at: scada, udp: { to: "10.91.NET.255:47809", send: who-is }, expect: { seen: dev, within: 300ms } }
  - { at: pc, tcp: { to: "srv:9000", send: a, as: cc }, expect: { receive: A } }
  - { fault: { cut: { from: srv, to: pc }, as: oneway } }
  - { name: nothing is sent, at: pc, tcp: { use: cc }, expect: { seen: { by: srv, event: receive }, within: 300ms } }
  - { name: one thing is heard and another is not, at: pc, tcp: { use: cc, send: b }, expect: { seen: { by: srv, event: receive, text: cc }, within: 300ms } }
  - { name: the answer is lost, at: pc, tcp: { use: cc, send: dd }, expect: { receive: DD, within: 300ms } }
  - { name: the time asked of nobody, at: pc, time: { to: "new:9123", give_up: 300ms } }
  - { name: the time by NTP asked of nobody, at: pc, ntp: { to: "new:9123", give_up: 300ms } }
  - { name: a login at nobody, at: pc, chat: { to: "new:9123", login: pc, give_up: 300ms } }
  - { name: a file asked of nobody, at: pc, download: { to: "new:9123", name: x, give_up: 300ms } }
  - { name: words of a cause in a pattern, at: pc, tcp: { to: "srv:9000", send: x, give_up: 300ms }, expect: { receive: { matches: "ended the stream" }, within: 300ms } }
`,
  says: {
    'a datagram to an address that moved':
      /^port unreachable from new: nothing is bound to udp 9000 \(udp: none\)$/,
    'a connection to an address that moved': /^dropped by a rule on new: tcp dport 9000 drop in ip f i$/,
    'a connection by a router to an address that moved':
      /^dropped by a rule on new: tcp dport 9000 drop in ip f i$/,
    'an address that nobody has any more': /^old's eth0 does not have 10\.91\.1\.10 any more: it has none$/,
    'the broadcast of another network':
      /^10\.91\.1\.255 is the broadcast address of plant, and gw forwards no directed broadcast: its net\.ipv4\.conf\.all\.bc_forwarding and net\.ipv4\.conf\.eth1\.bc_forwarding are 0$/,
    'the same where the sender listens too':
      /^10\.91\.1\.255 is the broadcast address of plant, and gw forwards no/,
    'a broadcast asked of a host of another network':
      /^10\.91\.2\.255 is the broadcast address of office, and dev is not on it$/,
    'a broadcast to everybody asked of another network':
      /^255\.255\.255\.255 is heard on office alone, and dev is not there$/,
    'a port that nobody has there': /^nothing on dev is bound to udp 47809 for it$/,
    'a port that nobody has behind the router': /^nothing on dev is bound to udp 47809 for it$/,
    'nothing is sent': /^this step sends nothing$/,
    'one thing is heard and another is not': undefined,
    'the answer is lost': /^the frames of srv do not reach pc: cut by step 20; /,
    'the time asked of nobody': /nothing( on new)? is bound to udp 9123 \(udp: none\)$/,
    'the time by NTP asked of nobody': /nothing( on new)? is bound to udp 9123 \(udp: none\)$/,
    'a login at nobody': /nothing( on new)? is bound to udp 9123 \(udp: none\)$/,
    'a file asked of nobody': /^RST from new: nothing listens on 9123 \(it listens on no tcp port\)$/,
    'words of a cause in a pattern': /^the frames of srv do not reach pc: cut by step 20$/,
  },
};
