/**
 * Words that people bring from Docker, compose, containerlab, Ansible, netplan and elsewhere, and what they are here.
 * A table for each place in a scenario, and for each word whose arguments have their own. Only a key that is not known at
 * its place is looked up.
 */
import type { Names } from '../wire/lines/hint.ts';
import { flow, pair } from './flow.ts';

/** What somebody wrote under a key that is not known. */
export interface Written {
  key: string;
  value: unknown;
  /** The whole map that the key stands in. */
  around: Readonly<Record<string, unknown>>;
  names: Names;
  /** `exec: ls`: the value under a word of ours, in the form that this word takes; else an example of it. */
  form(word: string, value?: unknown): string;
}

/** What to do where no word of ours means the same: a whole hint. */
export type Say = string | ((written: Written) => string);

export interface Synonyms {
  /** By our word: what others call it. */
  same?: Readonly<Record<string, string>>;
  /** By their words: what to do instead. */
  say?: Readonly<Record<string, Say>>;
}

/** The places that keys stand at. `arguments` is under a word of a step, `expect` under `expect`. */
export type Place = 'lab' | 'network' | 'host' | 'step' | 'expect' | 'arguments';

/** Seconds of `2s`, `2` or `500ms`; two where it is no time. */
function seconds(value: unknown): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/.exec(String(value)) ?? [];
  if (number === undefined) return 2;
  return Number(number) * { ms: 0.001, s: 1, m: 60 }[unit ?? 's']!;
}

/** `2s` */
function time(value: unknown): string {
  const found = seconds(value);
  return found < 1 ? `${Math.round(found * 1000)}ms` : `${found}s`;
}

/** `"curl -sf http://web/"` for what names a page, and else the text itself. */
function curl({ value, names }: Written): string {
  const map = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  const url = map.find((one) => typeof one === 'string' && one.includes('/')) ?? `http://${names.other}/`;
  return `exec: ${flow(`curl -sf ${url}`)}`;
}

const REACHABLE = 'leave it out: every port can be reached from the networks of its host';
const NO_LIMITS = 'leave it out: lanlab gives hosts no limits and no rights of their own';
const NOT_SHAPED =
  'lanlab cuts cables and does not slow them: leave it out, or write fault: { cut: [HOST, HOST], as: gap }';
const PATIENT = 'leave it out: what is expected is looked for again and again; `within` says how long';

export const PLACES: Readonly<Record<Place, Synonyms>> = {
  lab: {
    same: {
      lab: 'name title project scenario id lab_name',
      about: 'description desc summary info comment',
      networks: 'network_list subnets lans switches bridges segments vlans',
      hosts: 'nodes machines services containers vms devices servers clients routers node computers all',
      steps: 'tasks tests test checks actions script play playbook commands run do stages scenarios expect',
      capture: 'captures pcap tcpdump sniff record',
    },
    say: {
      version: 'leave it out: the form of a scenario has no version',
      'links cables edges endpoints': ({ names }) =>
        `a cable joins a host to a network: name a network (networks: { ${names.network}: 10.50.1.0/24 }), and put both hosts on it (networks: [${names.network}])`,
      'topology defaults kinds mgmt':
        'put what is in it one level up: `lab`, `networks`, `hosts` and `steps` are the first level',
      'volumes configs secrets': 'leave it out: a host has its files under `files`, written in the scenario',
      'engine driver backend provider': 'leave it out: the command says it, lanlab run --engine docker FILE',
      'vars variables env environment env_file':
        'write each value where it is used; a program has its variables at its host: env: { PORT: 80 }',
      'include includes import imports extends': 'write it out: a scenario is one file',
      'timeout give_up within': 'write it at the step: tcp: { …, give_up: 2s }, or expect: { …, within: 2s }',
      'faults fault': ({ names }) =>
        `a fault is a step: steps: [{ fault: { cut: [${names.host}, ${names.other}], as: gap } }]`,
      'routes routing': 'leave it out: routes are worked out; a router is a host with `forward: true`',
      'firewall rules': 'rules stand at a host: allow: ["tcp * > web:22"]',
      'gather_facts become remote_user connection': 'leave it out: steps begin with the host that does them',
    },
  },
  network: {
    same: {
      subnet:
        'cidr ip ips address addresses prefix range net ipam ipv4 ipv6 subnets ipv4_subnet network ip_range',
      dhcp: 'dhcp4 dhcp_server dhcpd',
      dns: 'nameserver nameservers resolver resolvers dns_server dns_servers',
      internet: 'nat masquerade uplink outside external_access',
    },
    say: {
      'gateway gateway4 default_gateway gw router via default_route': ({ names }) =>
        `leave it out: the router is a host on the network with \`forward: true\`, and routes are worked out; at a host another is chosen (gateway: ${names.other})`,
      'driver driver_opts type kind attachable labels enable_ipv6 config':
        'leave it out: the engine makes it',
      'internal external': 'leave it out: nothing leaves the lab, but by a network with `internet: true`',
      name: 'leave it out: the key of the network is its name',
      'hosts nodes members endpoints': ({ names }) =>
        `write it at each host: ${names.host}: { networks: [${names.network}] }`,
      vlan: 'leave it out: each network is a LAN by itself',
      'routes static_routes': 'leave it out: routes are worked out',
      'delay latency loss jitter bandwidth rate netem speed': NOT_SHAPED,
    },
  },
  host: {
    same: {
      env: 'environment envs vars variables env_vars environ',
      command: 'cmd entrypoint args exec run binary shell script start program process argv',
      networks: 'network interfaces nics ethernets links lans eth0 ports_on attached net nets',
      ready: 'healthcheck health wait_for readiness readiness_probe wait',
      forward: 'router routing ip_forward forwarding is_router routes_packets',
      gateway: 'gateway4 gateway6 default_gateway gw via default_route router_address next_hop',
      files: 'file copy content templates',
      build: 'dockerfile context',
      nat: 'masquerade snat port_forward port_forwarding dnat',
      allow: 'accept permit firewall rules iptables acl ingress nftables',
      deny: 'drop block blacklist',
      reject: 'refuse prohibit',
      sysctls: 'sysctl kernel',
      image: 'container docker docker_image',
      service: 'services role kind_of',
    },
    say: {
      'ip ips address addresses ipv4 ip_address ipv4_address ipv6 ipv6_address cidr ip4 ip6': address,
      'ports expose publish': ({ names }) =>
        `${REACHABLE}; a router's NAT leads a port to a host inside with nat: { outside: wan, ports: { "8080": "${names.other}:80" } }`,
      'volumes binds mounts volume bind tmpfs volumes_from':
        'no folder of this machine is in the lab: write files: { /srv/hello.txt: hello }; with `build:` an image brings its own',
      'depends_on links_to after requires needs':
        'leave it out: every program is ready before the first step; what ready means says ready: { tcp: 80 }',
      'restart restart_policy autostart':
        'leave it out: a program that has ended stays ended; a step starts it again (start: HOST)',
      'container_name hostname name domainname alias aliases':
        'leave it out: the key of the host is its name, and others reach it by that',
      'dns nameserver nameservers resolver dns_search resolvers': ({ names }) =>
        `a name server is a host on a network, and is named there: networks: { ${names.network}: { subnet: 10.50.1.0/24, dns: ${names.other} } }`,
      'dhcp dhcp4 dhcp6': ({ names }) =>
        `a host on a network with \`dhcp\` asks for its address by itself: networks: { ${names.network}: { subnet: 10.50.1.0/24, dhcp: ${names.other} } }`,
      'routes route static_routes': ({ names }) =>
        `leave it out: routes are worked out from who is a router (\`forward: true\`); gateway: ${names.other} chooses one`,
      'mtu txqueuelen': ({ names }) =>
        `the MTU is the network's: networks: { ${names.network}: { subnet: 10.50.1.0/24, mtu: 1400 } }`,
      'mac mac_address macaddress hwaddr': 'leave it out: lanlab gives each card its MAC',
      'kind type os flavour':
        'say what runs there: `service`, `image`, `build` or `command`; with none it is a plain host',
      'privileged cap_add cap_drop user group working_dir cpus cpu memory mem_limit ulimits deploy security_opt devices init':
        NO_LIMITS,
      'tty stdin_open labels logging profiles platform pull_policy network_mode stop_signal stop_grace_period ipc pid':
        'leave it out: lanlab has no such setting',
      extra_hosts: 'leave it out: every host knows the others by name',
      env_file: 'write the variables out: env: { PORT: 80 }',
      'secrets configs config startup_config': 'write the file: files: { /etc/app.conf: hello }',
      'replicas scale count': 'write each host out under its own name',
      'steps tasks': 'steps stand beside `hosts`, each with its host: steps: [{ at: HOST, … }]',
      'postgres mysql redis nginx': 'write image: redis, or another image',
      version: 'write it in the image: image: nginx:1.29',
    },
  },
  step: {
    same: {
      exec: 'shell command cmd run bash sh script sh_c execute powershell raw local_exec program',
      at: 'host hosts on node in machine source src where who client inside from_host delegate_to target_host by',
      expect: 'assert asserts check verify expects expected then should validate expectation require want',
      name: 'title description desc label id step task comment summary test',
      tcp: 'connect tcp_connect telnet nc netcat socket',
      udp: 'datagram udp_send',
      ping: 'ping6 icmp echo_request ping4',
      listen: 'bind serve server accept open_port',
      download: 'fetch get_file',
      fault: 'break partition disconnect block failure chaos',
      heal: 'repair restore unblock mend fix',
      plug: 'link_up plug_in connect_cable',
      start: 'run_program start_program',
      before: 'setup prepare pre before_step',
      shows: 'proves claims claim',
    },
    say: {
      'sleep wait delay pause_for wait_for timer': ({ value }) =>
        `what has to come is waited for, and no time is slept: write expect: { …, within: ${time(value)} }; where a pause itself is meant write exec: "sleep ${seconds(value)}"`,
      'timeout give_up deadline': ({ value, around, form }) => {
        const word = ['tcp', 'udp', 'ping', 'exec', 'time', 'ntp', 'download', 'chat'].find(
          (one) => one in around,
        );
        const own = word === undefined ? {} : around[word];
        const shown = `${word ?? 'tcp'}: { …, give_up: ${time(value)} }`;
        const whole = word && form(word, merged(own, { give_up: time(value) }));
        return `put it under the word: ${whole?.includes('give_up') ? whole : shown}; for what is expected write expect: { …, within: ${time(value)} }`;
      },
      'within for': ({ key, value }) => `put it under \`expect\`: expect: { …, ${key}: ${flow(value)} }`,
      'retries retry until repeat attempts loop with_items times count': PATIENT,
      'http https curl wget get url uri web http_get request': (written) =>
        `lanlab has no word for HTTP: write ${curl(written)}, or send the request yourself: tcp: { to: "${written.names.other}:80", send: "GET / HTTP/1.0\\r\\n\\r\\n" }`,
      'dns dig nslookup resolve lookup getent': ({ value, names }) =>
        `lanlab asks for a name with the host's own resolver: write exec: "getent hosts ${typeof value === 'string' ? value : names.other}"`,
      'traceroute tracepath iperf iperf3 nmap arping ssh arp ip': ({ key, value, names }) =>
        `lanlab has no word for it: run the command, exec: ${flow(`${key} ${typeof value === 'string' ? value : names.other}`)}`,
      'send data payload': ({ value, names, form }) =>
        `say over what: write ${form('tcp', { to: `${names.other}:9000`, send: value })}, or udp in place of tcp`,
      'to target dest destination dst port': ({ value, names }) =>
        `it belongs under the word of the step: tcp: { to: ${flow(typeof value === 'string' && value.includes(':') ? value : `${typeof value === 'string' ? value : names.other}:9000`)} }`,
      'register as save result output_as':
        'put it under the word: tcp: { …, as: talk }; a later step goes on with tcp: { use: talk }',
      'when if unless condition skip':
        'leave it out: every step is done; other conditions are another scenario',
      'become tags vars args notify ignore_errors changed_when environment env become_user':
        'leave it out: steps have nothing like it',
      'failed_when error': 'write what is expected: expect: { fails: refused }',
      'capture tcpdump pcap sniff':
        'leave it out: a step that expects frames is captured (expect: { wire: […] }); for the whole run write `capture: all` beside `steps`',
      'log logs print echo debug msg': 'run a command, exec: "echo hello", or give the step a `name`',
      'loss latency jitter bandwidth rate netem shape': NOT_SHAPED,
      'action type kind word module': 'the word itself is the key: { at: HOST, ping: { to: HOST } }',
      'steps tasks parallel group': 'write the steps one after the other, in one list',
    },
  },
  expect: {
    same: {
      fails: 'error fail failure errno failed fails_with refused raises',
      receive:
        'response reply answer body contains output match matches equals data echo recv text hex answers gets print says',
      within: 'timeout deadline give_up wait before max_wait until after',
      for: 'hold during stays duration',
      wire: 'packets frames capture pcap packet frame tcpdump segments on_wire traffic',
      sockets: 'ports listening socket ss netstat connections port state states',
      seen: 'events event server saw logged log accepted',
    },
    say: {
      'success succeeds ok pass passes works connected reachable open true':
        'leave it out: a step whose action does not succeed fails by itself',
      'in_order any_order only never count': ({ key, value }) =>
        `put it under \`wire\`: wire: { ${pair(key, value)} }`,
      'end nothing bytes sha256': ({ key, value }) =>
        `put it under \`receive\`: receive: { ${pair(key, value)} }`,
      'has not': ({ key, value }) => `put it under \`sockets\`: sockets: { ${pair(key, value)} }`,
      'status http_status status_code code': ({ value }) =>
        `lanlab knows nothing of HTTP: look at what came, receive: { matches: "HTTP/1.. ${typeof value === 'number' ? value : 200}" }; how a command ended is fields: { exit: 0 }`,
      'retries retry attempts times': PATIENT,
      'latency delay time duration_ms': 'what a step measured is under `fields`: fields: { rtt: "< 5" }',
    },
  },
  arguments: {
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
      'interval size packetsize': 'leave it out: it cannot be chosen',
      'proto protocol transport type': 'the word is the protocol: tcp: { to: … } or udp: { to: … }',
      'http method headers path': (written) => `lanlab has no word for HTTP: write ${curl(written)}`,
      'cwd workdir user tty': 'write it into the command: run: "cd /tmp && ls"',
      broadcast: ({ names }) => `write to: "broadcast:9000"; all on the networks of ${names.host} hear it`,
      tls: 'lanlab has no TLS of its own: write exec: "openssl s_client …"',
    },
  },
};

/** By the word that the keys stand under. */
export const UNDER: Readonly<Record<string, Synonyms>> = {
  listen: {
    same: {
      tcp: 'port tcp_port listen bind address',
      udp: 'udp_port',
      join: 'group multicast',
      as: 'name id register',
    },
    say: {
      'proto protocol transport': 'the transport is the key: listen: { tcp: 80 } or listen: { udp: 53 }',
    },
  },
  fault: {
    same: {
      cut: 'partition block disconnect drop sever split isolate link_cut between network_partition firewall',
      unplug: 'down link_down cable cable_out plug_out interface_down ifdown carrier_down',
      kill: 'crash sigkill terminate_hard',
      stop: 'sigterm terminate shutdown',
      pause: 'freeze suspend sigstop hang halt',
      as: 'name id label register',
    },
    say: {
      'loss delay latency jitter bandwidth rate corrupt duplicate reorder netem slow shape': NOT_SHAPED,
      'heal restore repair': 'it is a step of its own: { heal: NAME }',
      'type kind action': 'the kind is the key: fault: { cut: [HOST, HOST] }',
      'duration for': 'a fault stands until a step heals it: { heal: NAME }',
    },
  },
  receive: {
    same: {
      text: 'exact equals exactly equal is value data body',
      matches: 'contains regex pattern match regexp includes like re starts_with',
      bytes: 'size len length',
      sha256: 'hash checksum digest sha',
      end: 'eof fin closed close eos',
      nothing: 'none silence empty',
      from: 'sender source src peer',
    },
    say: {
      'within timeout for': ({ key, value }) =>
        `put it beside \`receive\`: ${pair(key === 'timeout' ? 'within' : key, value)}`,
    },
  },
  seen: {
    same: {
      by: 'at host on server node',
      event: 'type kind action what',
      text: 'data message body payload contains',
      bytes: 'size len length',
      count: 'times number',
      from: 'source src sender',
      peer_port: 'port source_port',
    },
  },
  wire: {
    same: {
      at: 'host hosts on by from node',
      in_order: 'order ordered sequence lines frames packets has all',
      any_order: 'unordered contains any includes',
      only: 'exactly exact',
      never: 'not none no absent without',
      count: 'counts times number',
    },
  },
  sockets: {
    same: {
      at: 'host on by node',
      has: 'contains includes open have in_order lines',
      not: 'never none no without absent',
    },
  },
  ready: {
    same: {
      tcp: 'port tcp_port listen',
      log: 'logs output message line pattern matches stdout text',
      within: 'timeout wait retries interval start_period',
    },
    say: {
      'test command cmd exec http http_get udp':
        'lanlab looks for an open port or for a line of the log: ready: { tcp: 80 } or ready: { log: started }',
    },
  },
  nat: {
    same: {
      outside: 'interface out network wan external uplink on external_network public via to',
      ports: 'forward forwards port_forward dnat port_forwarding map',
      kind: 'type mode behaviour',
    },
    say: {
      'inside internal lan private source': 'leave it out: every other network of the router is inside',
      masquerade: 'leave it out: that is what `nat` does',
    },
  },
  build: {
    same: { context: 'folder path dir', dockerfile: 'file' },
    say: { 'args target cache_from': 'leave it out: write it into the Dockerfile' },
  },
  do: {
    same: {
      send: 'write data payload say',
      receive: 'read recv expect wait_for',
      close: 'disconnect end',
      shutdown: 'half_close fin',
    },
    say: {
      'sleep wait delay': 'no entry waits for a time: `receive` waits for what has to come',
      exec: 'a command is a step of its own',
    },
  },
  cut: { same: { from: 'source src a left', to: 'dest destination dst b right target' } },
};

/** Plain values, where one of a few words is asked for: what others call them. */
export const VALUES: Readonly<Record<string, string>> = {
  refused:
    'ECONNREFUSED connection_refused refuse connrefused conn_refused port_closed closed_port rejected connection_refused_error',
  timeout: 'ETIMEDOUT timed_out connection_timed_out time_out no_answer silence no_reply dropped timeouts',
  unreachable:
    'EHOSTUNREACH ENETUNREACH ENETDOWN EHOSTDOWN no_route_to_host host_unreachable network_unreachable network_is_unreachable host_is_unreachable no_route destination_host_unreachable destination_unreachable prohibited',
  reset:
    'ECONNRESET EPIPE ECONNABORTED connection_reset connection_reset_by_peer rst broken_pipe aborted reset_by_peer',
  'in-use': 'EADDRINUSE address_already_in_use address_in_use port_in_use already_in_use taken',
  'not-permitted':
    'EACCES EPERM permission_denied operation_not_permitted denied forbidden not_allowed access_denied',
  'not-available': 'EADDRNOTAVAIL cannot_assign_requested_address address_not_available no_such_address',
  'too-large': 'EMSGSIZE message_too_long too_long too_big message_too_large fragmentation_needed',
  closed: 'EBADF ECANCELED eof hang_up disconnected',
  ipv4: '4 v4 inet ip4 IPv4',
  ipv6: '6 v6 inet6 ip6 IPv6',
  'tcp-echo': 'echo echo_server tcp tcpecho',
  'udp-echo': 'udp udpecho bounce',
  files: 'file file_server fileserver ftp',
  time: 'clock daytime time_server',
  'endpoint-independent': 'full_cone fullcone cone eim',
  'address-dependent': 'restricted restricted_cone address_restricted_cone',
  receive: 'received recv read data message',
  accept: 'accepted connect connected connection open',
  neighbours: 'arp arp_cache neighbors neighbour neighbor mac macs',
  obtain: 'get request discover acquire new',
  renew: 'refresh extend',
  release: 'give_back drop free',
  write: 'wr send out both SHUT_WR',
};

/** By key: what to do where a value is none of the words that are asked for. */
export const INSTEAD: Readonly<Record<string, (value: unknown, names: Names) => string>> = {
  fails: (value) =>
    /^\d+$/.test(String(value))
      ? `how a command ended is a field: write fields: { exit: ${value} }`
      : 'say how it fails: fails: refused',
  service: (value) =>
    `these are the programs of lanlab; any other is a command (command: ${flow(`${value} …`)}) or an image (image: ${flow(value)})`,
};

function address({ value, around, names }: Written): string {
  const on =
    Array.isArray(around.networks) && typeof around.networks[0] === 'string'
      ? around.networks[0]
      : names.network;
  const [first] = [value].flat();
  const written = typeof first === 'string' ? first.replace(/\/\d+$/, '') : '10.50.1.10';
  return `an address stands with its network: write networks: { ${on}: ${flow(written)} }`;
}

function merged(one: unknown, more: Record<string, unknown>): unknown {
  if (typeof one === 'object' && one !== null && !Array.isArray(one)) return { ...one, ...more };
  return { to: one, ...more };
}
