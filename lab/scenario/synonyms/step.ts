/** Synonyms at a step: from Ansible, CI systems, test runners. */
import { flow } from '../hints/flow.ts';
import { IN_FAULT, PATIENT, seconds, time } from './phrases.ts';
import type { Synonyms } from './synonym.ts';

export const step: Synonyms = {
  same: {
    exec: 'shell command cmd run bash sh script sh_c execute powershell raw local_exec program',
    at: 'host hosts on node in machine source src where who client inside from_host delegate_to target_host by',
    expect: 'assert asserts check verify expects expected then should validate expectation require want',
    name: 'title description desc label id step task comment summary test',
    tcp: 'connect tcp_connect telnet nc netcat socket',
    udp: 'datagram udp_send',
    ping: 'ping6 icmp echo_request ping4',
    listen: 'bind serve server open_port',
    download: 'fetch get_file',
    http: 'https curl wget get url uri web http_get http_request request rest api',
    fault: 'break partition disconnect block failure chaos',
    heal: 'repair restore unblock mend fix',
    plug: 'link_up plug_in connect_cable',
    start: 'run_program start_program',
    before: 'setup prepare pre before_step',
    shows: 'proves claims claim',
  },
  say: {
    'sleep wait delay pause_for wait_for timer': ({ value }) =>
      `lanlab waits until the expected thing has come, and needs no sleep: write expect: { …, within: ${time(value)} }; for the pause itself write exec: "sleep ${seconds(value)}"`,
    'timeout give_up deadline': ({ value, around, form }) => {
      const word = ['tcp', 'udp', 'ping', 'exec', 'time', 'ntp', 'download', 'chat', 'http'].find(
        (one) => one in around,
      );
      const own = word === undefined ? {} : around[word];
      const shown = `${word ?? 'tcp'}: { …, give_up: ${time(value)} }`;
      const whole = word && form(word, merged(own, { give_up: time(value) }));
      return `put it under the word: ${whole?.includes('give_up') ? whole : shown}; for what is expected write expect: { …, within: ${time(value)} }`;
    },
    'within for': ({ key, value }) => `put it under \`expect\`: expect: { …, ${key}: ${flow(value)} }`,
    'retries retry until repeat attempts loop with_items times count': PATIENT,
    'dns dig nslookup resolve lookup getent': ({ value, names }) =>
      `lanlab asks for a name with the host's own resolver: write exec: "getent hosts ${typeof value === 'string' ? value : names.other}"`,
    'traceroute tracepath iperf iperf3 nmap arping ssh arp ip route mtr': ({ key, value, names }) =>
      `lanlab has no word for it: run the command, exec: ${flow(`${key} ${typeof value === 'string' ? value : names.other}`)}`,
    'send data payload': ({ value, names, form }) =>
      `say over what: write ${form('tcp', { to: `${names.other}:9000`, send: value })}, or udp in place of tcp`,
    'to target dest destination dst port': ({ value, names }) =>
      `it belongs under the word of the step: tcp: { to: ${flow(endpoint(value, names.other))} }`,
    accept: ({ value }) => `write tcp: { accept: ${typeof value === 'string' ? value : 'door'} }`,
    'use continue': ({ value }) => `write tcp: { use: ${typeof value === 'string' ? value : 'talk'} }`,
    'close shutdown reset disconnect_from hang_up': ({ value }) =>
      `write tcp: { use: ${typeof value === 'string' ? value : 'talk'} } and beside it do: [{ close: true }]`,
    'restart reboot': ({ value, names }) => {
      const host = typeof value === 'string' ? value : names.other;
      return `write two steps: { fault: { stop: ${host} } } and { start: ${host} }`;
    },
    'register as save result output_as':
      'put it under the word: tcp: { …, as: talk }; a later step goes on with tcp: { use: talk }',
    'when if unless condition skip':
      'leave it out: every step is done; write another scenario for other conditions',
    'become tags vars args notify ignore_errors changed_when environment env become_user':
      'leave it out: steps have nothing like it',
    'failed_when error': 'write what is expected: expect: { fails: refused }',
    'capture tcpdump pcap sniff':
      'leave it out: a step that expects frames is captured (expect: { wire: […] }); for the whole run write `capture: all` beside `steps`',
    'log logs print echo debug msg': 'run a command, exec: "echo hello", or give the step a `name`',
    'loss latency jitter bandwidth rate netem shape': IN_FAULT,
    'action type kind word module': ({ names }) =>
      `the word itself is the key: { at: ${names.host}, ping: { to: ${names.other} } }`,
    'steps tasks parallel group': 'write the steps one after the other, in one list',
  },
};

function merged(one: unknown, more: Record<string, unknown>): unknown {
  if (typeof one === 'object' && one !== null && !Array.isArray(one)) return { ...one, ...more };
  return { to: one, ...more };
}

/** The endpoint that somebody wrote, with its missing parts filled in. */
function endpoint(value: unknown, other: string): string {
  if (typeof value === 'number') return `${other}:${value}`;
  if (typeof value !== 'string') return `${other}:9000`;
  return value.includes(':') ? value : `${value}:9000`;
}
