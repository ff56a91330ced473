/** `lanlab init [FILE]`: a first scenario with comments. */
import { writeFile } from 'node:fs/promises';
import { LabError } from '../errors.ts';
import { tell } from './say.ts';

const FIRST = `# yaml-language-server: $schema=./scenario.schema.json
# (for completion in your editor: lanlab schema > scenario.schema.json)
#
# Run it: lanlab run FILE
# Then change something: send another text, expect another answer, cut the cable, and run it again.
lab: first
about: One server, two people, one LAN.

networks:
  office: 10.60.1.0/24

hosts:
  # One of the five programs (tcp-echo, udp-echo, time, files, chat), on a host of its own.
  echo:  { service: tcp-echo, networks: { office: 10.60.1.10 } }
  # People: hosts without a program. An address that is left out is handed out.
  alice: { networks: [office] }
  bob:   { networks: [office] }

steps:
  - name: the server answers in capitals, and saw alice's own address and port
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { receive: HELLO, seen: echo }

  - name: what the server still has to say after our FIN reaches us
    at: bob
    tcp: { to: "echo:7" }
    do: [{ send: abc }, { shutdown: write }, { receive: abc }, { receive: { end: true } }]

  - name: nobody listens at this port, and the kernel says so
    at: bob
    tcp: { to: "echo:9999" }
    expect: { fails: refused }
`;

export async function init(file: string): Promise<void> {
  await writeNew(file, FIRST.replace('lanlab run FILE', `lanlab run ${file}`));
  tell(`${file} is written; run it: lanlab run ${file}\n`);
}

/** Never overwrites a file. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new LabError('usage', `${file} is there already, and is left as it is`, {
        hint: 'name another file',
        cause,
      });
    }
    throw new LabError('usage', `${file} cannot be written: ${message}`, {
      hint: 'name a file in a folder of yours',
      cause,
    });
  }
}
