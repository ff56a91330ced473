/** Words of other tools for parts of a line (tcpdump, Wireshark, iptables), by the word that lines have. */
import type { FieldName, Protocol } from './line.ts';

const PROTOCOLS: Readonly<Partial<Record<Protocol, string>>> = {
  tcp: 'ssh smtp telnet ftp imap pop3 ldap mysql redis bgp segment',
  tls: 'https ssl tlsv1 tls1.2 tls1.3',
  udp: 'ntp snmp syslog tftp quic rtp sip mdns vxlan datagram',
  icmp: 'ping icmp4 icmpv4 ping4',
  icmpv6: 'icmp6 ping6 nd ndp ipv6-icmp',
  igmp: 'igmpv1 igmpv2 igmpv3 multicast',
  dhcp: 'bootp dhcpv4 dhcp4',
  ip: 'ipv4 ipv6 ip4 ip6 packet any all',
  frame: 'ethernet eth ether mac',
  arp: 'rarp',
};

const FIELDS: Readonly<Partial<Record<FieldName, string>>> = {
  len: 'length size bytes data_len payload_len',
  win: 'window wnd rwnd',
  vlan: 'vid vlan_id tag',
  ttl: 'hops hop_limit hoplimit hlim',
  text: 'data payload contains body message content',
  id: 'ip_id identification',
  seq: 'sequence seqno',
  ack: 'acknowledgment acknowledgement ackno',
  mac: 'dst_mac to_mac destination_mac mac_dst',
  from_mac: 'src_mac source_mac mac_src',
  df: 'dont_fragment dontfragment',
  fragment: 'frag mf',
  dscp: 'ds dscp_value',
  retransmission: 'retransmit retransmitted retrans resent rexmit',
  checksum: 'sum csum chksum',
  gives: 'yiaddr offers address answer',
  asks: 'requests requested',
  lease: 'lease_time time',
  name: 'qname query question host sni server_name servername',
  path: 'uri url target page',
};

/** The words of other tools by the word of a line. */
const WORDS: Readonly<Record<string, string>> = {
  'echo-request': 'ping echo request type=8',
  'echo-reply': 'pong reply',
  'port-unreachable': 'refused closed',
  'host-unreachable': 'no-route',
  join: 'report membership-report subscribe joins v2-report v3-report',
  leave: 'leave-group unsubscribe leaves done',
  query: 'a aaaa question request lookup ask',
  answer: 'response reply result',
  'no-such-name': 'nxdomain name-error',
  'server-failure': 'servfail',
  'who-has': 'request whohas who_has ask',
  'is-at': 'reply isat is_at answer',
};

/** The words for the port of each end. */
const PORTS = {
  destination: ['port', 'dport', 'dst_port', 'to_port', 'destination_port', 'dstport'],
  source: ['sport', 'src_port', 'from_port', 'source_port', 'srcport'],
} as const;

const ANYBODY = ['any', 'anyone', 'anybody', 'anywhere', 'all', 'everyone', 'everybody', '0.0.0.0/0', '::/0'];

function find<T extends string>(table: Readonly<Partial<Record<T, string>>>, word: string): T | undefined {
  const small = word.toLowerCase();
  const found = Object.entries<string | undefined>(table).find(([, words]) =>
    words?.split(' ').includes(small),
  );
  return found?.[0] as T | undefined;
}

/** The protocol at the beginning of such a line; undefined where no protocol is meant. */
export function meantProtocol(word: string): Protocol | undefined {
  return find(PROTOCOLS, word);
}

/** The whole byte of which DSCP is a part: IPv4's type of service, IPv6's traffic class. */
export function isTrafficClass(word: string): boolean {
  return ['tos', 'dsfield', 'tclass', 'traffic_class', 'traffic-class'].includes(word.toLowerCase());
}

export function meantField(word: string): FieldName | undefined {
  return find(FIELDS, word.replaceAll('-', '_'));
}

/** The word of a line that is meant, among those of its protocol. */
export function meantWord(word: string, allowed: readonly string[]): string | undefined {
  return allowed.find((one) => WORDS[one]?.split(' ').includes(word.toLowerCase()));
}

/** The end whose port a field means: in a line the port stands with its end. */
export function meantPort(word: string): 'source' | 'destination' | undefined {
  const small = word.toLowerCase().replaceAll('-', '_');
  const isOne = (list: readonly string[]) => list.includes(small);
  return isOne(PORTS.destination) ? 'destination' : isOne(PORTS.source) ? 'source' : undefined;
}

/** Whether a word, such as `any`, means `*`. */
export function isAnybody(word: string): boolean {
  return ANYBODY.includes(word.toLowerCase());
}
