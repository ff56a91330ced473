/** Causes that lie on a path: sizes, hops, the way back, NATs that know nothing, tunnels; and what captures show of them. */
import type { Failing } from './contract.ts';

const OTHER_PORT = `const d = require('dgram'); const s = d.createSocket('udp4'); const t = d.createSocket('udp4'); t.bind(7778); s.on('message', (b, { address, port }) => t.send('x', port, address)); s.bind(7777, () => console.log('up'))`;

/** What a path of several networks does to packets: their size, their hops, the way back, NATs that know nothing. */
export const ON_THE_WAY: Failing = {
  title: 'on the way',
  yaml: `
lab: on-the-way
networks:
  home: 10.91.NET.0/25
  wan: { subnet: 10.91.NET.128/25, mtu: 1400 }
  dc: 10.91.NET2.0/25
  side: 10.91.NET2.128/25
hosts:
  r1: { forward: true, networks: { home: 10.91.NET.1, wan: 10.91.NET.129, side: 10.91.NET2.129 } }
  r2: { forward: true, sysctls: { net.ipv4.conf.all.rp_filter: 1 }, networks: { wan: 10.91.NET.130, dc: 10.91.NET2.1, side: 10.91.NET2.130 } }
  pc: { networks: { home: 10.91.NET.20 }, gateway: r1 }
  srv: { service: udp-echo, networks: { dc: 10.91.NET2.10 }, gateway: r2 }
  site: { service: files, networks: { dc: 10.91.NET2.11 }, gateway: r2, files: { /srv/files/page: { repeat: x, times: 20000 } } }
steps:
  - { name: two hops of three, at: pc, udp: { to: "srv:9000", send: x, ttl: 1 }, expect: { seen: srv, within: 300ms } }
  - { name: pinged with two hops of three, at: pc, ping: { to: srv, ttl: 2, give_up: 1s } }
  - { at: r2, exec: "ip route replace 10.91.NET.0/25 via 10.91.NET.129" }
  - { at: r1, exec: "ip route replace 10.91.NET2.0/25 via 10.91.NET.130" }
  - { at: r2, exec: "nft 'table ip hush { chain out { type filter hook output priority 0; icmp type destination-unreachable drop; }; }'" }
  - { name: the page hangs, at: pc, download: { to: site, name: page, give_up: 1s } }
  - { name: the page hangs as a stream, at: pc, tcp: { to: "site:9000", send: { text: "page\\n" } }, expect: { receive: { matches: "x{100}" }, within: 1s } }
  - { name: a large ping that hangs, at: srv, ping: { to: pc, size: 1400, df: true, give_up: 1s } }
  - { at: srv, ping: { to: pc, size: 1400, df: false } }
  - { at: r2, exec: nft delete table ip hush }
  - { name: a ping that is too large, at: srv, ping: { to: pc, size: 1400, df: true } }
  - { at: site, exec: "nft 'table ip hush { chain i { type filter hook input priority 0; icmp type destination-unreachable icmp code frag-needed drop; }; }'; ip route flush cache" }
  - { name: it hangs still, at: pc, download: { to: site, name: page, give_up: 1s } }
  - { at: site, exec: nft delete table ip hush }
  - { at: pc, download: { to: site, name: page }, expect: { fields: { bytes: 20000 } } }
  - { at: r1, exec: "nft 'table ip frags { chain f { type filter hook forward priority 0; ip frag-off & 0x1fff != 0 drop; }; }'" }
  - { name: fragments are dropped, at: pc, udp: { to: "srv:9000", send: { repeat: x, times: 3000 } }, expect: { receive: { bytes: 3000 }, within: 300ms } }
  - { at: pc, udp: { to: "srv:9000", send: x }, expect: { receive: X } }
  - { at: r1, exec: nft delete table ip frags }
  - { at: r2, exec: "ip route replace 10.91.NET.0/25 via 10.91.NET2.129" }
  - { name: the way back is another, at: pc, udp: { to: "srv:9000", send: x }, expect: { receive: X, within: 300ms } }
`,
  says: {
    'two hops of three': /^the TTL of 1 is used up at r1: srv is 3 hops away$/,
    'pinged with two hops of three': /^the TTL of 2 is used up at r2: srv is 3 hops away/,
    'the page hangs':
      /^segments in packets of 1500 bytes meet an MTU of 1400 at r2 \(wan\), and the ICMP error that would say so is dropped by a rule on r2: icmp type destination-unreachable drop in ip hush out$/,
    'the page hangs as a stream':
      /^segments in packets of 1500 bytes meet an MTU of 1400 at r2 \(wan\), and the ICMP error that would say so is dropped by a rule on r2: /,
    'a large ping that hangs':
      /^echo requests in packets of 1428 bytes meet an MTU of 1400 at r2 \(wan\), and the ICMP error that would say so is dropped by a rule on r2: /,
    'a ping that is too large': /^a request in a packet of 1,428 bytes does not fit an MTU of 1,400$/,
    'it hangs still':
      /^segments in packets of 1500 bytes meet an MTU of 1400 at r2 \(wan\), and the ICMP error that would say so is dropped by a rule on site: /,
    'fragments are dropped':
      /^fragments of the datagram are dropped by a rule on r1: ip frag-off & (0x1fff|8191) != (0x0|0) drop in ip frags f; /,
    'the way back is another':
      /^dropped by r2's reverse-path filter: the packet came by eth0, but its route to 10\.91\.1\.20 leads by eth2 \(net\.ipv4\.conf\.all\.rp_filter is 1\); /,
  },
};

/** A NAT that knows nothing of what comes, and a tunnel. */
export const INSIDE: Failing = {
  title: 'inside',
  yaml: `
lab: inside
networks: { home: 10.91.NET.0/25, den: 10.91.NET.128/25, far: 10.91.NET2.0/24 }
hosts:
  nat: { forward: true, networks: { home: 10.91.NET.1, far: 10.91.NET2.1 }, nat: { outside: far } }
  short: { forward: true, sysctls: { net.netfilter.nf_conntrack_udp_timeout: 1, net.netfilter.nf_conntrack_udp_timeout_stream: 1 }, networks: { den: 10.91.NET.129, far: 10.91.NET2.2 }, nat: { outside: far, timeout: 900ms } }
  eve: { networks: { den: 10.91.NET.150 }, gateway: short }
  bob: { networks: { home: 10.91.NET.22 }, gateway: nat }
  srv: { networks: { far: 10.91.NET2.10 } }
  other: { networks: { far: 10.91.NET2.11 } }
  left: { networks: { far: 10.91.NET2.12 } }
  right: { networks: { far: 10.91.NET2.13 } }
steps:
  - { name: a port that nobody has opened, at: srv, udp: { to: "nat.far:5000", send: x, connect: true }, expect: { receive: X, within: 300ms } }
  - { at: srv, udp: { to: "other:9", from: 7000, send: x, as: ear } }
  - { at: bob, udp: { to: "srv:7000", from: 5000, send: a, as: talk } }
  - { at: srv, udp: { use: ear }, expect: { receive: a } }
  - { name: a port that is for another peer, at: other, udp: { to: "nat.far:5000", send: x, connect: true }, expect: { receive: X, within: 300ms } }
  - { at: eve, udp: { to: "srv:7000", from: 6000, send: b, as: talk2 } }
  - { at: srv, udp: { use: ear }, expect: { receive: b } }
  - { at: short, exec: "while grep -q 'sport=6000 dport=7000' /proc/net/nf_conntrack || nft list set inet lanlab_nat asked | grep -q 6000; do sleep 0.1; done" }
  - { at: srv, udp: { use: ear, send: late } }
  - { name: an answer that comes too late, at: eve, udp: { use: talk2 }, expect: { receive: late, within: 300ms } }
  - { at: left, exec: "ip link add tun0 type vxlan id 7 remote 10.91.NET2.13 dstport 4789 && ip address add 192.168.7.1/24 dev tun0 && ip link set tun0 up" }
  - { at: right, exec: "ip link add tun0 type vxlan id 7 remote 10.91.NET2.12 dstport 4789 && ip address add 192.168.7.2/24 dev tun0 && ip link set tun0 up" }
  - { at: left, ping: { to: "192.168.7.2" } }
  - { fault: { cut: [left, right], as: gap } }
  - { name: a tunnel whose underlay is cut, at: left, tcp: { to: "192.168.7.2:80", give_up: 400ms } }
  - { heal: gap }
  - { at: right, exec: ip link set eth0 down }
  - { name: a tunnel whose other end is down, at: left, tcp: { to: "192.168.7.2:80", give_up: 400ms } }
`,
  says: {
    'a port that nobody has opened':
      /^nat's NAT has no mapping for udp port 5000: no host inside has sent from that port, or the last time is too long ago/,
    'a port that is for another peer':
      /^nat's NAT has udp port 5000 for 10\.91\.1\.22:5000, and lets in only what comes from 10\.91\.2\.10:7000/,
    'an answer that comes too late':
      /^short's NAT has forgotten eve:6000, and lets in nothing for it any more; /,
    'a tunnel whose underlay is cut':
      /^left's tunnel tun0 goes to 10\.91\.2\.13; left and right are cut by step 14$/,
    'a tunnel whose other end is down': /^left's tunnel tun0 goes to 10\.91\.2\.13; right's eth0 is down/,
  },
};

/** What captures at one end show of the same. */
export const CAPTURED_ON_THE_WAY: Failing = {
  title: 'captured on the way',
  capture: true,
  yaml: `
lab: captured-on-the-way
networks: { home: 10.91.NET.0/25, wan: { subnet: 10.91.NET.128/25, mtu: 1300 }, dc: 10.91.NET2.0/25, flat: 10.91.NET2.128/25 }
hosts:
  r1: { forward: true, networks: { home: 10.91.NET.1, wan: 10.91.NET.129 } }
  r2: { forward: true, networks: { wan: 10.91.NET.130, dc: 10.91.NET2.1 } }
  nat: { forward: true, networks: { flat: 10.91.NET2.129, dc: 10.91.NET2.2 }, nat: { outside: dc } }
  pc: { networks: { home: 10.91.NET.20 }, gateway: r1 }
  bob: { networks: { flat: 10.91.NET2.150 }, gateway: nat }
  srv: { service: udp-echo, networks: { dc: 10.91.NET2.10 }, gateway: r2 }
  odd:
    command: [node, -e, ${JSON.stringify(OTHER_PORT)}]
    ready: { log: up }
    networks: { dc: 10.91.NET2.11 }
    gateway: r2
steps:
  - { name: an error about a command's datagram, at: pc, exec: { run: "traceroute -n -q 1 -w 1 -m 1 10.91.NET2.10 >/dev/null 2>&1 || ping -c 1 -W 1 -t 1 10.91.NET2.10 >/dev/null; true" }, expect: { seen: { by: srv, event: receive }, within: 500ms } }
  - { name: a big datagram that may not be cut, at: pc, udp: { to: "srv:9000", send: { repeat: x, times: 1400 } }, expect: { receive: { bytes: 1400 }, within: 400ms } }
  - { name: a reply from another port, at: pc, udp: { to: "odd:7777", send: a, connect: true }, expect: { receive: x, within: 300ms } }
  - { name: a reply from another port to a NAT, at: bob, udp: { to: "odd:7777", send: a, connect: true }, expect: { receive: x, within: 300ms } }
`,
  says: {
    "an error about a command's datagram": /^r1 answered time-exceeded \(frame \d+\) about the packet to srv/,
    'a big datagram that may not be cut':
      /^r1 answered fragmentation-needed \(frame \d+\) about the packet to srv:9000: it was too large for an MTU of 1300; /,
    'a reply from another port': /^reply left from port 7778 \(frame \d+\), not the 7777 it was asked on; /,
    'a reply from another port to a NAT':
      /^reply left from port 7778 \(frame \d+\), not the 7777 it was asked on: nat's NAT has its port \d+ for the one that was asked alone; /,
  },
};
