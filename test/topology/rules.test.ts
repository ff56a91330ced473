/** What a NAT and a firewall come to as nftables rules. */
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../lab/agent/nft/host-rules.ts';
import { planOf } from '../lab.ts';

const LAB = (router: string, web = '') => `
lab: edge
networks:
  home: 10.50.1.0/24
  internet: 10.50.2.0/24
hosts:
  router: { forward: true, networks: { home: 10.50.1.1, internet: 10.50.2.1 }, ${router} }
  web: { networks: { home: 10.50.1.10 }${web} }
  alice: { networks: { home: 10.50.1.21 } }
  server: { networks: { internet: 10.50.2.10 } }
`;

/** The rules of a host, a line an item, without what stands around them. */
function rulesOf(yaml: string, name: string): string[] {
  const { nat, firewall, sysctls } = planOf(yaml).hosts.find((host) => host.name === name)!;
  const text = compileRules({ ...(nat && { nat }), ...(firewall && { firewall }), sysctls });
  return text.split('\n').map((line) => line.trim());
}

test('a host of which nothing is written has no rules', () => {
  expect(rulesOf(LAB('nat: { outside: internet }'), 'alice')).toEqual(['']);
});

test('what leaves by the outside card is masqueraded, and what nobody inside asked for is dropped', () => {
  const rules = rulesOf(LAB('nat: { outside: internet }'), 'router');
  expect(rules).toContain('meta nfproto ipv4 oifname "eth1" masquerade');
  expect(rules).toContain('meta nfproto ipv4 iifname "eth1" drop comment "nat: nobody inside asked for it"');
  expect(rules).toContain('iifname "eth1" ip daddr 10.50.2.1 drop comment "nat: nobody inside asked for it"');
});

test('a symmetric NAT draws the port anew for each connection', () => {
  const rules = rulesOf(LAB('nat: { outside: internet, kind: symmetric }'), 'router');
  expect(rules).toContain('meta nfproto ipv4 oifname "eth1" masquerade fully-random');
  expect(rules.join()).not.toContain('@outward');
});

test('an endpoint-independent one remembers each port for everybody, an address-dependent one for one address', () => {
  const everybody = rulesOf(LAB('nat: { outside: internet, kind: endpoint-independent }'), 'router');
  expect(everybody).toContain(
    'iifname "eth1" ip daddr 10.50.2.1 meta l4proto { tcp, udp } dnat ip to meta l4proto . th dport map @inward',
  );
  const one = rulesOf(LAB('nat: { outside: internet, kind: address-dependent }'), 'router');
  expect(one).toContain(
    'iifname "eth1" ip daddr 10.50.2.1 meta l4proto { tcp, udp } dnat ip to meta l4proto . th dport . ip saddr map @inward',
  );
});

test('ports lead to hosts inside, TCP where nothing is said, the same port where none is written', () => {
  const ports = '{ "8080": "web:80", udp: { "53": web, "54": "10.50.1.77:5" } }';
  const rules = rulesOf(LAB(`nat: { outside: internet, ports: ${ports} }`), 'router');
  expect(rules.filter((line) => line.startsWith('ip daddr'))).toEqual([
    'ip daddr 10.50.2.1 tcp dport 8080 dnat ip to 10.50.1.10:80',
    'ip daddr 10.50.2.1 udp dport 53 dnat ip to 10.50.1.10:53',
    'ip daddr 10.50.2.1 udp dport 54 dnat ip to 10.50.1.77:5',
  ]);
});

test('a router’s rules are about what it forwards, another host’s about what it lets in', () => {
  const rule = 'deny: ["tcp alice > *:22"]';
  expect(rulesOf(LAB(rule), 'router')).toContain('type filter hook forward priority filter; policy accept;');
  expect(rulesOf(LAB('gateway: none', `, ${rule}`), 'web')).toContain(
    'type filter hook input priority filter; policy accept;',
  );
});

test('names are all of a host’s addresses, or the one on a network; * is nobody in particular', () => {
  const found = rulesOf(LAB('gateway: none', ', allow: ["tcp router > web:22", "ip 10.9.9.9 > *"]'), 'web');
  expect(found.filter((line) => line.includes(' accept comment'))).toEqual([
    'meta l4proto tcp ip saddr { 10.50.1.1, 10.50.2.1 } ip daddr { 10.50.1.10 } tcp dport 22 accept comment "allow tcp router > web:22"',
    'meta nfproto ipv4 ip saddr { 10.9.9.9 } accept comment "allow ip 10.9.9.9 > *"',
  ]);
});

test('answers pass, then what is denied and rejected goes, and with allow the rest goes too', () => {
  const words =
    'allow: ["ip * > *"], deny: ["udp * > *:53"], reject: ["tcp * > web:22", "ip alice > server"]';
  const rules = rulesOf(LAB(words), 'router');
  expect(rules.slice(rules.indexOf('ct state established,related accept'))).toEqual([
    'ct state established,related accept',
    'meta l4proto udp udp dport 53 drop comment "deny udp * > *:53"',
    'meta l4proto tcp ip daddr { 10.50.1.10 } tcp dport 22 reject with tcp reset comment "reject tcp * > web:22"',
    'meta l4proto tcp ip saddr { 10.50.1.21 } ip daddr { 10.50.2.10 } reject with tcp reset comment "reject ip alice > server"',
    'meta nfproto ipv4 ip saddr { 10.50.1.21 } ip daddr { 10.50.2.10 } reject with icmp admin-prohibited comment "reject ip alice > server"',
    'meta nfproto ipv4 accept comment "allow ip * > *"',
    'drop comment "nothing under allow is about it"',
    '}',
    '}',
    '',
  ]);
});

test('networks, subnets, several ports and messages of ICMP stand in rules, and the router itself has a chain of its own', () => {
  const words =
    'deny: ["icmp * > * fragmentation-needed", "tcp home > internet:1000-2000,80,81"], allow: ["udp 10.0.0.0/8:53 > *", "tcp alice > router:22,443"]';
  const rules = rulesOf(LAB(words), 'router').filter((line) => /drop|accept|hook/.test(line));
  expect(rules).toEqual([
    'type filter hook forward priority filter; policy accept;',
    'icmp type 3 icmp code 4 drop comment "deny icmp * > * fragmentation-needed"',
    'ct state established,related accept',
    'meta l4proto tcp ip saddr { 10.50.1.0/24 } ip daddr { 10.50.2.0/24 } tcp dport { 80-81, 1000-2000 } drop comment "deny tcp home > internet:1000-2000,80,81"',
    'meta l4proto udp ip saddr { 10.0.0.0/8 } udp sport 53 accept comment "allow udp 10.0.0.0/8:53 > *"',
    'drop comment "nothing under allow is about it"',
    'type filter hook input priority filter; policy accept;',
    'ct state established,related accept',
    'iifname "lo" accept',
    'meta l4proto tcp ip saddr { 10.50.1.21 } ip daddr { 10.50.1.1, 10.50.2.1 } tcp dport { 22, 443 } accept comment "allow tcp alice > router:22,443"',
    'drop comment "nothing under allow is about it"',
  ]);
});

describe('of a host with both families', () => {
  const dual = (words: string) => `
lab: dual
networks: { home: [10.50.1.0/24, "fd00:50:1::/64"], old: 10.50.2.0/24 }
hosts:
  web: { networks: { home: [10.50.1.10, "fd00:50:1::10"] }, ${words} }
  alice: { networks: { home: [10.50.1.21, "fd00:50:1::21"] } }
  olde: { networks: { old: 10.50.2.21 } }
`;

  test('a rule that names hosts is one for each family that both have, and ports alone are the same in either', () => {
    const rules = rulesOf(dual('deny: ["tcp alice > web:22", "tcp olde > web", "udp * > *:53"]'), 'web');
    expect(rules.filter((line) => line.includes('drop'))).toEqual([
      'meta l4proto tcp ip saddr { 10.50.1.21 } ip daddr { 10.50.1.10 } tcp dport 22 drop comment "deny tcp alice > web:22"',
      'meta l4proto tcp ip6 saddr { fd00:50:1::21 } ip6 daddr { fd00:50:1::10 } tcp dport 22 drop comment "deny tcp alice > web:22"',
      'meta l4proto tcp ip saddr { 10.50.2.21 } ip daddr { 10.50.1.10 } drop comment "deny tcp olde > web"',
      'meta l4proto udp udp dport 53 drop comment "deny udp * > *:53"',
    ]);
  });

  test('icmp means ICMPv6 there too, and neighbour discovery passes before any rule', () => {
    const rules = rulesOf(dual('reject: ["icmp * > *"], allow: ["tcp * > web:80"]'), 'web');
    expect(rules.filter((line) => line.startsWith('meta l4proto') && line.includes('icmp'))).toEqual([
      'meta l4proto icmp reject with icmpx admin-prohibited comment "reject icmp * > *"',
      'meta l4proto ipv6-icmp reject with icmpx admin-prohibited comment "reject icmp * > *"',
    ]);
    const passes = rules.findIndex((line) => line.includes('nd-neighbor-solicit'));
    expect(passes).toBeGreaterThan(0);
    expect(passes).toBeLessThan(rules.findIndex((line) => line.includes('reject with')));
  });
});
