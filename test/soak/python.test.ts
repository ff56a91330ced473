/** One scenario with a Python program on both engines: the machine's Python on namespaces, that of an image on Docker. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lab } from 'lanlab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onEveryEngine } from '../api/here.ts';

/** An image of one's own. `python:3-slim` would need a registry. */
const DOCKERFILE = `ARG BASE_IMAGE
FROM \${BASE_IMAGE}
RUN apt-get update && apt-get install -y --no-install-recommends python3
`;

const SHOUT = `
import os, socket
server = socket.create_server(('', int(os.environ['PORT'])))
while True:
    client, _ = server.accept()
    client.sendall(client.recv(100).upper())
    client.close()
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-python-'));
  await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
});
afterAll(() => rm(folder, { recursive: true }));

await onEveryEngine('a Python program', (engine, subnet) => {
  test('runs at two hosts by one name', async () => {
    await using net = await lab(
      {
        lab: 'python',
        networks: { lan: subnet(45) },
        programs: {
          shout: {
            build: folder,
            command: ['python3', '/srv/shout.py'],
            files: { '/srv/shout.py': SHOUT },
            env: { PORT: 8000 },
            ready: { tcp: 8000 },
          },
        },
        hosts: {
          peer: { program: 'shout', networks: ['lan'] },
          other: { program: 'shout', networks: ['lan'], env: { PORT: 8001 }, ready: { tcp: 8001 } },
          alice: { networks: ['lan'] },
        },
      },
      { engine },
    );
    for (const to of ['peer:8000', 'other:8001']) {
      await using talk = await net.host('alice').tcp(to);
      await talk.write('hello');
      expect(await talk.text()).toBe('HELLO');
    }
  });
});
