/** Synonyms under `expect`: from test runners. */
import { pair } from '../hints/flow.ts';
import { PATIENT } from './phrases.ts';
import type { Synonyms } from './synonym.ts';

export const expect: Synonyms = {
  same: {
    fails: 'error fail failure errno failed fails_with refused raises',
    receive: 'response reply answer body output equals data echo recv text hex answers gets',
    says: 'print prints printed said log_line program_output program_says',
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
    'status http_status status_code code reason headers': ({ value }) =>
      `it is a fact that the step http finds: fields: { status: ${typeof value === 'number' ? value : 200} }; the end of a command is in fields: { exit: 0 }`,
    'contains match matches regex pattern includes like': ({ value }) =>
      `write receive: { ${pair('matches', value)} }`,
    'loss lost packet_loss': 'count what was answered: fields: { received: 3 }',
    'retries retry attempts times': PATIENT,
    'latency delay time duration_ms':
      'the measured values of a step are under `fields`: fields: { rtt: "< 5" }',
  },
};
