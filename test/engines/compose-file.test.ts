/** The compose file of a lab: the same bytes each time, no way to Docker from inside, and what is refused. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeFile } from '../../lab/engines/compose/file.ts';
import { unsupported } from '../../lab/engines/compose/unsupported.ts';
import { planOf } from '../lab.ts';

const TWO_NETWORKS = `
lab: two-networks
networks: { office: 10.76.1.0/24, store: { subnet: 10.76.2.0/24, mtu: 1400 } }
hosts:
  router: { forward: true, networks: { office: 10.76.1.1, store: 10.76.2.1 } }
  files:
    service: files
    networks: { store: 10.76.2.10 }
    env: { GREETING_FILE: /srv/files/note.txt, TZ: "$HOME" }
    files: { /srv/files/note.txt: "A note.\\n", /srv/files/deep/er.txt: deeper, /opt/more.txt: more }
  worker: { command: [sh, -c, "echo $HOME"], networks: [office], files: { /srv/work/list.txt: z } }
  web: { image: "web:1", networks: [store] }
  alice: { networks: [office], files: { /srv/mine.txt: hers } }
`;

const written = (yaml: string) => composeFile('scenarios/two.yaml', planOf(yaml), { root: '.' });

test('the file of a lab with two networks is, to the byte, the one of the last time it was looked at', async () => {
  await expect(written(TWO_NETWORKS)).toMatchFileSnapshot(
    resolve(import.meta.dirname, 'compose-two-networks.yaml'),
  );
});

test('nothing in the file can reach Docker, no port is published, and no more right is given than to the agents', () => {
  const { services } = parse(written(TWO_NETWORKS), { merge: true }) as {
    services: Record<string, Record<string, unknown>>;
  };
  expect(JSON.stringify(services)).not.toMatch(/docker\.sock|"ports"|privileged":true|"host"/);
  for (const [name, service] of Object.entries(services)) {
    const agent = name.endsWith('-agent');
    expect([name, service.cap_add]).toEqual([name, agent ? ['NET_ADMIN', 'NET_RAW'] : undefined]);
  }
  for (const name of ['lab', 'set-up', 'hosts'])
    expect(services[name]).toMatchObject({ network_mode: 'none', read_only: true, cap_drop: ['ALL'] });
  expect(services.files).toMatchObject({
    network_mode: 'service:files-agent',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
});

test('what a compose file would take for its own variables is written so that it does not', () => {
  const { services } = parse(written(TWO_NETWORKS), { merge: true }) as {
    services: Record<string, { command: string[]; environment: Record<string, string> }>;
  };
  expect(services.worker?.command.at(-1)).toBe('echo $$HOME');
  expect(services.files?.environment.TZ).toBe('$$HOME');
});

test('sources are named as seen from the folder that the file is for', () => {
  const plan = planOf(TWO_NETWORKS);
  const text = composeFile('/somewhere/else/two.yaml', plan, { root: '../lanlab' });
  expect(text).toContain('context: ../lanlab/lab/agent\n');
  expect(text).toContain('context: ../lanlab\n');
  expect(text).toContain('file: /somewhere/else/two.yaml');
  expect(text).toContain('command: [ scenarios/two.yaml ]');
});

test('names and folders that are needed otherwise, and words that nobody hears, are refused with the hint', () => {
  const plan = planOf(`
lab: clash
networks: { net: 10.76.3.0/24 }
hosts:
  hosts: { networks: [net] }
  echo: { networks: [net] }
  echo-agent: { networks: [net] }
  web: { image: "web:1", networks: [net], files: { /etc/motd: hello, /etc/web/web.conf: port, /usr/share/web/page: hello } }
  deep: { image: "web:1", networks: [net], files: { /usr/lib/web.conf: hello } }
  alone: { networks: [net], files: { /etc/motd: hello } }
  talker: { command: [sh, -c, "echo ready; sleep 9"], networks: [net], ready: { log: ready } }
`);
  expect(unsupported(plan)).toEqual([
    'host hosts: a service of the compose file already has this name, choose another',
    'host echo-agent: a service of the compose file already has this name, choose another',
    'host web: files right in /etc cannot be shared with its program, put them in a folder of their own (/srv/web)',
    'host deep: files right in /usr/lib cannot be shared with its program, put them in a folder of their own (/srv/deep)',
    'host talker: what its program prints cannot be heard inside a lab, use `ready: { tcp: PORT }`',
  ]);
});
