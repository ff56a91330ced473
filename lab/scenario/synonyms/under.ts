/** Synonyms by the word that the keys stand under, where it has keys of its own. */
import { flow, pair } from '../hints/flow.ts';
import { IN_FAULT } from './phrases.ts';
import type { Synonyms } from './synonym.ts';

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
      kill: 'sigkill terminate_hard',
      crash: 'power_off power_failure power_cut panic die',
      blackhole: 'black_hole void silent_drop sink',
      reset: 'rst reset_peer reset_connections tcp_reset',
      reject: 'refuse deny unreachable prohibit',
      stop: 'sigterm terminate shutdown',
      pause: 'freeze suspend sigstop hang halt',
      move: 'roam handover migrate relocate switch_network',
      skew: 'clock_skew drift clock time_offset wrong_clock',
      full: 'disk_full fill fill_disk disk enospc no_space out_of_space',
      slow: 'cpu cpu_stress stress cpu_limit slow_down busy starve',
      delay: 'latency lag',
      rate: 'bandwidth speed throttle limit',
      loss: 'packet_loss lossy',
      only: 'matching match filter frames',
      on: 'at where link cable target',
      as: 'name id label register',
    },
    say: {
      'netem shape': IN_FAULT,
      'heal restore repair': 'it is a step of its own: { heal: gap }',
      'type kind action': ({ names }) =>
        `the kind is the key: fault: { cut: [${names.host}, ${names.other}] }`,
      'duration for': 'a fault stands until a step heals it: { heal: gap }',
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
  says: {
    same: {
      by: 'at host on program server node who',
      matches: 'contains regex pattern match regexp includes like line log',
      text: 'exact equals is exactly message',
      count: 'times number',
    },
    say: {
      'within timeout for': ({ key, value }) =>
        `put it beside \`says\`: ${pair(key === 'timeout' ? 'within' : key, value)}`,
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
      mapping: 'maps map_behaviour mapping_behavior',
      filtering: 'filter filters filtering_behavior',
      hairpin: 'hairpinning loopback nat_loopback nat_reflection reflection',
      timeout: 'lifetime expires expiry ttl udp_timeout mapping_timeout lasts',
      answers: 'answer reply replies respond visible pingable',
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
  http: {
    same: {
      to: 'url uri server host',
      path: 'uri_path page resource file name',
      method: 'verb type',
      headers: 'header',
      body: 'data payload content send json form text',
      requests: 'request list',
    },
    say: {
      'status status_code code http_status': ({ value }) =>
        `put it beside the word: expect: { ${pair('fields', { status: value })} }`,
      'get head post put patch delete options': ({ key, value }) => {
        const path = typeof value === 'string' && value.startsWith('/') ? value : '/';
        return `write method: ${key.toUpperCase()}, path: ${flow(path)}`;
      },
      'query params parameters search': 'write it behind the path: path: "/find?word=lan"',
      'auth user username password authorization':
        'write headers: { Authorization: "Basic YWxpY2U6c2VjcmV0" }',
      'follow follow_redirects redirects location':
        'leave it out: a redirect is an answer, and a further step asks for the other page',
      'keep_alive keepalive connection session':
        'write a list: all `requests` of a step go over one connection',
    },
  },
  do: {
    same: {
      send: 'write data payload say',
      receive: 'read recv expect wait_for',
      close: 'disconnect end',
      shutdown: 'half_close fin',
    },
    say: {
      'sleep wait delay': 'no entry waits for a time: `receive` waits until the bytes come',
      exec: 'a command is a step of its own',
    },
  },
  dhcp: {
    same: {
      by: 'server host on at from',
      range: 'pool ranges addresses start_end address_pool dhcp_range',
      lease: 'lease_time leasetime time ttl valid_lifetime seconds',
      relay: 'via helper helper_address ip_helper relay_agent agent through',
    },
    say: {
      'start end first last': 'write both ends: range: 10.50.1.100-10.50.1.150',
      'reservations static hosts':
        'write it at the host: networks: { lan: { address: 10.50.1.9, dhcp: true } }',
      'router gateway dns': 'leave it out: a host learns the router and the name server of its network',
    },
  },
  cut: { same: { from: 'source src a left', to: 'dest destination dst b right target' } },
};
