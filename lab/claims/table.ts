/** The claims of the textbooks on sockets, and corrections where a textbook is wrong: one sentence each. */

export const GROUPS = {
  programs: 'Programs that the tutorials build',
  addresses: 'Addresses',
  below: 'Below the socket',
  tcp: 'TCP',
  udp: 'UDP',
  instead: 'Corrections of what tutorials say',
} as const;

export interface Claim {
  /** `P1`, `C16`, `W3`: as steps name it under `shows`. */
  id: string;
  group: keyof typeof GROUPS;
  /** A `W` says what is true, not the mistake that it corrects. */
  says: string;
}

const PROGRAMS = [
  'A TCP client connects, sends its greeting, is given a fixed answer, and both close.',
  'A TCP server answers each message with its letters a to z in capitals.',
  'The server serves one connection after the other and message after message, and survives clients that leave or reset.',
  'A UDP server answers a greeting.',
  'A UDP server answers in capitals, any number of clients at the same time.',
  'The time over UDP: the datagram says in which format; an empty one means date and time.',
  'A file over TCP: the client sends a name, the server sends the bytes and closes; for an unknown name it sends nothing.',
  'A server sends one file to every client that connects.',
  'A chat over UDP: a line reaches the others with the address of its sender; `quit` ends it.',
  'A relay learns from which address each person speaks, and hands messages on by name; several may be on one host.',
  'A UDP sender sends one message after the other from one socket.',
  'A UDP receiver on a port of its own sees the sender and the text of each datagram.',
  'One UDP socket both sends and receives.',
];

const ADDRESSES = [
  'An address names the host, and a port names the program on it; the server sees the address and port of the client.',
  'Mask and address give the network, and a host sends directly only to hosts of its own network.',
  'Smaller subnets divide a network into several, and a broadcast stays in the subnet of its sender.',
  'A unicast reaches one host, a multicast the hosts that joined, and a broadcast all hosts of the LAN but none beyond it.',
  'Some ranges have a meaning of their own: private, loopback, multicast; the first bits once told the class of an address.',
  '127.0.0.1 is the host itself: other hosts cannot reach a server that listens there.',
  'An interface that is taken down cuts its host off; taken up, it brings it back.',
  'A program needs a permission for ports under 1024; if it asks for no port, it gets one from the range of the system.',
  'A port is taken by one program at a time, for TCP and for UDP each.',
  'A client that binds nothing gets a free port, and keeps it as long as it has its socket.',
  'Sockets have a family: IPv4, IPv6 or Unix, and bytes in a Unix socket never leave the host.',
];

const BELOW = [
  'Every frame is Ethernet, in it IP, in it TCP or UDP, and in that the bytes of the program.',
  'On a LAN the MAC of an address is asked for by broadcast, answered by unicast, and kept.',
  'Beyond the LAN a sender asks for its gateway’s MAC: addresses stay, MACs change at every hop, and the TTL falls.',
  'A switch gives broadcasts to all, and frames for a MAC that it has learned to one.',
];

const TCP = [
  'The server listens first: a client that comes before is refused by a RST.',
  'SYN, SYN+ACK and ACK open a connection, and a SYN takes one sequence number.',
  'Each side closes with a FIN that takes a sequence number and is confirmed; a side that has closed still receives.',
  'The side that closes first stays in TIME-WAIT, and the other side is finished at once.',
  'A server that starts again meets "address in use" unless it asks to reuse the address.',
  'Each accepted client has a socket of its own: it stays when the listener closes, and when it closes, the others stay.',
  'The backlog bounds how many connections wait to be accepted.',
  'A read of zero bytes means that the peer has closed.',
  'A reset is an error for the reader, and a server survives it.',
  'A stream has no borders: two sends may arrive in one read, and one send in several reads.',
  'A send may take only a part of the bytes, and a reader that does not read stops the writer.',
  'Lost segments are sent again: everything arrives, once and in order.',
  'Keepalive finds out that a peer has vanished; its times can be set.',
  'connect raises an error, and connect_ex returns its number.',
  'A socket can be given a time limit, or not to wait at all.',
];

const UDP = [
  'A send to a port where nobody listens is no error, though an ICMP message comes back.',
  'Datagrams keep their borders: one send is one receive, and bytes beyond the buffer are lost.',
  'Lost datagrams stay lost.',
  'One socket sends and receives at the same time.',
  'A receiver is told the address of the sender, and answers there without a connection.',
  'Text is bytes in an encoding that both agree on: UTF-8 that is read as GBK is another text.',
];

const INSTEAD = [
  'Linux sends nine keepalive probes by default, not ten.',
  'A backlog does not bound the clients that are served, only those that wait to be accepted.',
  'There is no tcp_tw_recycle since Linux 4.12.',
  'The prefix length decides the mask, not the class of the address.',
  '`send` loses no bytes: it says how many it has taken.',
  'A program is told by an event that its client has gone, without asking for bytes.',
  'A server on 127.0.0.1 is not on the network: nobody else reaches it.',
];

function claims(letter: string, from: number, group: Claim['group'], texts: readonly string[]): Claim[] {
  return texts.map((says, at) => ({ id: `${letter}${from + at}`, group, says }));
}

/** In the order of their numbers, group by group. */
export const CLAIMS: readonly Claim[] = [
  ...claims('P', 1, 'programs', PROGRAMS),
  ...claims('C', 1, 'addresses', ADDRESSES),
  ...claims('C', 12, 'below', BELOW),
  ...claims('C', 16, 'tcp', TCP),
  ...claims('C', 31, 'udp', UDP),
  ...claims('W', 1, 'instead', INSTEAD),
];
