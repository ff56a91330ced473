/** A stranger's server of IRC beside ours: ngircd of Debian's package, on a port of loopback. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { freePort } from './free-port.ts';

const PROGRAM = spawnSync('sh', ['-c', 'PATH=$PATH:/usr/sbin command -v ngircd'], {
  encoding: 'utf8',
}).stdout.trim();

/** Why it cannot be started here; undefined where it can. */
export const noNgircd =
  PROGRAM === '' ? 'there is no ngircd on this machine; scripts/test-tools.sh installs it' : undefined;

export interface Ngircd extends AsyncDisposable {
  readonly port: number;
}

/** With the limits of ours, and none on how fast a client speaks. In these rooms, as in all of ours, members alone speak. */
export async function startNgircd(rooms: readonly string[] = []): Promise<Ngircd> {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-ngircd-'));
  const port = await freePort();
  const config = join(folder, 'ngircd.conf');
  writeFileSync(
    config,
    `[Global]
Name = chat.lanlab
Info = a server of IRC
AdminEMail = nobody@localhost
Listen = 127.0.0.1
Ports = ${port}
MotdPhrase = hello
PidFile =
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 10
MaxNickLength = 31
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
${rooms.map((name) => `[Channel]\nName = ${name}\nModes = n\n`).join('')}`,
  );
  const child = spawn(PROGRAM, ['-n', '-f', config], { stdio: 'ignore' });
  const ended = once(child, 'close');
  await vi.waitFor(() => listens(port), { timeout: 20_000 });
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function listens(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
