/** tshark told to decode what we decode and nothing above it, each frame for itself. */
import { run } from './shark.ts';

const PROTOCOLS =
  /^(frame|eth|ethertype|vlan|ieee8021ad|arp|ip|ip\.options\..*|ipv6|ipv6\..*|ah|icmp|icmpv6|udp|tcp|tcp\.options\..*|data|null|sll|radiotap|wlan|wlan_radio|llc|stp|ppp|pppoes|pppoed|raw)$/;

const OFF = [
  'ip.defragment',
  'ip.tso_support',
  'ipv6.defragment',
  'tcp.analyze_sequence_numbers',
  'tcp.desegment_tcp_streams',
  'tcp.relative_sequence_numbers',
];
const ON = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'];

/** Arguments for tshark; its list of protocols is asked for, as it differs from version to version. */
export function onlyOurs(): string[] {
  const names = run('tshark', ['-G', 'protocols'])
    .split('\n')
    .map((line) => line.split('\t')[2] ?? '');
  return [
    ...['--disable-protocol', 'ALL'],
    ...names.filter((name) => PROTOCOLS.test(name)).flatMap((name) => ['--enable-protocol', name]),
    ...OFF.flatMap((name) => ['-o', `${name}:FALSE`]),
    ...ON.flatMap((name) => ['-o', `${name}:TRUE`]),
  ];
}
