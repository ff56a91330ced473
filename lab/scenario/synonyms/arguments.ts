/** Synonyms under the word of a step, whichever word it is. */
import { pair } from '../hints/flow.ts';
import { PATIENT } from './phrases.ts';
import type { Synonyms } from './synonym.ts';

export const underWord: Synonyms = {
  same: {
    to: 'host address addr target dest destination dst server peer ip url uri remote endpoint hostname node connect',
    give_up: 'timeout wait deadline time_limit max_time connect_timeout limit',
    send: 'data payload body message msg content text write bytes request',
    from: 'source src bind local local_port source_port sport src_port interface',
    count: 'packets n c number times repeat tries',
    as: 'register id name conn_name save alias handle label',
    use: 'conn connection conversation socket session on with reuse over',
    run: 'cmd command shell script args argv line exec program',
    env: 'environment vars variables',
    stdin: 'input in',
    size: 'packetsize packet_size payload_size length s',
    df: 'dont_fragment do_not_fragment dont_frag no_fragment dont_fragmentation pmtudisc',
    nodelay: 'tcp_nodelay no_delay',
    keepalive: 'so_keepalive keep_alive tcp_keepalive',
    reuse: 'reuseaddr reuseport reuse_port reuse_address so_reuseport so_reuseaddr reuse_addr share',
    ttl: 'hops max_hops hop_limit',
    family: 'ip_version ipv af',
    join: 'group multicast groups',
    say: 'message msg text send tell talk write',
    person: 'recipient nick',
    login: 'user nickname username',
    name: 'file path filename',
    format: 'fmt strftime',
    how: 'action do what',
    network: 'net on lan',
    backlog: 'queue',
  },
  say: {
    'expect receive fails seen sockets fields wire within': ({ key, value }) =>
      key === 'expect'
        ? 'put `expect` beside the word, not under it: one level less'
        : `put it beside the word, under \`expect\`: expect: { ${pair(key, value)} }`,
    'at on host': ({ value, names }) =>
      `the host that does it stands beside the word: at: ${typeof value === 'string' ? value : names.host}`,
    do: 'put `do` beside the word, not under it: one level less',
    'retries retry attempts': PATIENT,
    interval: 'leave it out: it cannot be chosen',
    'proto protocol transport type': 'the word is the protocol: tcp: { to: … } or udp: { to: … }',
    'http method headers path requests': ({ names }) =>
      `HTTP has a word of its own: write http: { to: ${names.other}, path: / }`,
    'cwd workdir user tty': 'write it into the command: run: "cd /tmp && ls"',
    broadcast: ({ names }) => `write to: "broadcast:9000"; all on the networks of ${names.host} hear it`,
    'mss options sockopts linger':
      'leave it out: such options of a socket cannot be chosen; settings for all sockets are under `sysctls` of the host',
    tls: 'lanlab has no TLS of its own: write exec: "openssl s_client …"',
  },
};
