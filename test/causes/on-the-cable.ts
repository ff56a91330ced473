/** For the contract of causes: failures on the cable, and in the neighbour tables at its ends. */
import type { Failing } from './contract.ts';

/** What happens on the cable, and in the tables of who is at its other end. */
export const CABLES: Failing = {
  title: 'cables',
  yaml: `
lab: cables
networks: { office: 10.91.NET.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.91.NET.10 } }
  bounce: { service: udp-echo, networks: { office: 10.91.NET.11 } }
  quiet: { networks: { office: 10.91.NET.12 }, sysctls: { net.ipv4.icmp_echo_ignore_all: "1" } }
  alice: { networks: { office: 10.91.NET.21 } }
  bob: { networks: { office: 10.91.NET.22 } }
steps:
  - { name: an address of nobody, at: alice, tcp: { to: "10.91.NET.99:9000", give_up: 400ms } }
  - { name: an address of nobody until the kernel says so, at: alice, tcp: { to: "10.91.NET.98:9000" } }
  - { fault: { cut: [alice, echo], as: gap } }
  - { name: a cut, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { name: a cut for UDP, at: alice, udp: { to: "echo:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { name: another host across a cut that is not his, at: bob, tcp: { to: "echo:9999" } }
  - { name: another pair of one who is cut, at: alice, tcp: { to: "bounce:9999" } }
  - { heal: gap }
  - { at: alice, exec: "until ping -c1 -W1 10.91.NET.10; do :; done" }
  - { name: after the cut, at: alice, tcp: { to: "echo:9999" } }
  - { fault: { cut: { from: bounce, to: alice }, as: deaf } }
  - { name: a cut one way, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { heal: deaf }
  - { fault: { unplug: echo, as: pulled } }
  - { name: a cable that is out there, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { name: a cable that is out elsewhere, at: alice, tcp: { to: "bounce:9999" } }
  - { plug: echo }
  - { at: alice, exec: "until ping -c1 -W1 10.91.NET.10; do :; done" }
  - { name: a cable that is in again, at: alice, tcp: { to: "echo:9999" } }
  - { fault: { unplug: alice } }
  - { name: a cable that is out here, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { name: a broadcast by a cable that is out, at: alice, udp: { to: "broadcast:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { plug: alice }
  - { at: alice, exec: "until ping -c1 -W1 10.91.NET.10; do :; done" }
  - { at: bob, exec: ip link set eth0 down }
  - { name: a card that is down here, at: bob, tcp: { to: "echo:9000", give_up: 400ms } }
  - { name: a card that is down there, at: alice, tcp: { to: "bob:9000", give_up: 400ms } }
  - { at: bob, exec: ip link set eth0 up }
  - { name: a card that is up again, at: bob, tcp: { to: "echo:9999" } }
  - { at: alice, exec: ip neigh replace 10.91.NET.10 lladdr 02:00:00:00:00:77 nud permanent dev eth0 }
  - { name: a neighbour entry that is wrong, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { at: alice, exec: "ip neigh replace 10.91.NET.10 lladdr $(sed -n s/x/x/p /dev/null; cat /sys/class/net/eth0/address) nud permanent dev eth0" }
  - { name: a neighbour entry that is our own card, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { at: alice, exec: ip neigh del 10.91.NET.10 dev eth0 }
  - { at: echo, exec: "nft add table inet user; nft add chain inet user input '{ type filter hook input priority 0; }'; nft add rule inet user input ct state established,related accept; nft add rule inet user input tcp dport 9000 counter drop" }
  - { name: a rule that drops, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { name: a rule that drops another port, at: alice, tcp: { to: "echo:9999" } }
  - { at: echo, exec: "nft flush chain inet user input; nft add rule inet user input tcp dport 9000 reject with tcp reset" }
  - { name: a rule that rejects, at: alice, tcp: { to: "echo:9000" } }
  - { at: echo, exec: "nft flush chain inet user input; nft add rule inet user input ip saddr 10.91.NET.22 drop; nft add rule inet user input limit rate 1/hour accept; nft add rule inet user input tcp dport 9000 drop" }
  - { name: a rule behind one that cannot be judged, at: alice, tcp: { to: "echo:9000", give_up: 400ms }, expect: { receive: x, within: 400ms } }
  - { name: a rule by the source address, at: bob, tcp: { to: "echo:9000", give_up: 400ms } }
  - { at: echo, exec: "nft delete table inet user; nft add table inet user; nft add chain inet user output '{ type filter hook output priority 0; }'; nft add rule inet user output tcp sport 9000 drop" }
  - { name: a rule for the answer, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { at: echo, exec: nft delete table inet user }
  - { at: bounce, exec: iptables -A INPUT -s 10.91.NET.21 -p udp --dport 9000 -j DROP }
  - { name: a rule of iptables, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a datagram that a rule kept from being seen, at: alice, udp: { to: "bounce:9000", send: a }, expect: { seen: { by: bounce }, within: 300ms } }
  - { at: bob, exec: "nft add table inet user; nft add chain inet user output '{ type filter hook output priority 0; policy drop; }'" }
  - { name: a rule of our own, at: bob, udp: { to: "bounce:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a host that answers no pings, at: alice, ping: { to: quiet, give_up: 1s } }
`,
  says: {
    'an address of nobody': /^no ARP answer: no host on office has 10\.91\.1\.99$/,
    'an address of nobody until the kernel says so': /^no ARP answer: no host on office has 10\.91\.1\.98$/,
    'a cut': /^alice and echo are cut by step 3$/,
    'a cut for UDP': /^alice and echo are cut by step 3; no datagram in 300 ms$/,
    'another host across a cut that is not his': /^RST from echo: nothing listens on 9999 /,
    'another pair of one who is cut': /^RST from bounce: nothing listens on 9999 /,
    'after the cut': /^RST from echo: nothing listens on 9999 /,
    'a cut one way': /^the frames of bounce do not reach alice: cut by step 11; no datagram in 300 ms$/,
    'a cable that is out there': /^the cable of echo \(eth0, office\) is unplugged by step 14$/,
    'a cable that is out elsewhere': /^RST from bounce: nothing listens on 9999 /,
    'a cable that is in again': /^RST from echo: nothing listens on 9999 /,
    'a cable that is out here': /^the cable of alice \(eth0, office\) is unplugged by step 20$/,
    'a broadcast by a cable that is out':
      /^the cable of alice \(eth0, office\) is unplugged by step 20; no datagram in 300 ms$/,
    'a card that is down here': /^bob's eth0 is down: `ip link set eth0 up` there$/,
    'a card that is down there': /^bob's eth0 is down: `ip link set eth0 up` there$/,
    'a card that is up again': /^RST from echo: nothing listens on 9999 /,
    'a neighbour entry that is wrong':
      /^alice's neighbour table has 02:00:00:00:00:77 for 10\.91\.1\.10, echo's card is 02:[0-9a-f:]{14}$/,
    'a neighbour entry that is our own card':
      /^alice's neighbour table has 02:[0-9a-f:]{14} \(alice's\) for 10\.91\.1\.10, echo's card is 02:[0-9a-f:]{14}$/,
    'a rule that drops': /^dropped by a rule on echo: tcp dport 9000 counter drop in inet user input$/,
    'a rule that drops another port': /^RST from echo: nothing listens on 9999 /,
    'a rule that rejects':
      /^rejected by a rule on echo: tcp dport 9000 reject with tcp reset in inet user input$/,
    'a rule behind one that cannot be judged': undefined,
    'a rule by the source address':
      /^dropped by a rule on echo: ip saddr 10\.91\.1\.22 drop in inet user input$/,
    'a rule for the answer':
      /^the answer is dropped by a rule on echo: tcp sport 9000 drop in inet user output$/,
    'a rule of iptables':
      /^dropped by a rule on bounce: ip saddr 10\.91\.1\.21 udp dport 9000 counter drop in ip filter INPUT; no datagram in 300 ms$/,
    'a datagram that a rule kept from being seen': /^dropped by a rule on bounce: ip saddr /,
    'a rule of our own': /^dropped by a rule on bob: policy drop of inet user output/,
    'a host that answers no pings': /^quiet answers no pings: its net\.ipv4\.icmp_echo_ignore_all is 1$/,
  },
};
