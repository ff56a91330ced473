/** A client of IRC that sends and gets raw lines, and waits for those that it wants to see. */
import { connect, type Socket } from 'node:net';

export interface IrcClient extends Disposable {
  readonly socket: Socket;
  /** `127.0.0.1:PORT` */
  readonly at: string;
  /** All lines that have come, without their ends. */
  readonly lines: readonly string[];
  /** Sends lines. */
  says(...lines: string[]): void;
  /** The next line that matches, behind all that were seen before. Fails where the server ends the connection first. */
  sees(pattern: string | RegExp): Promise<string>;
  /** Everything until the server ends the connection. */
  readonly ended: Promise<readonly string[]>;
}

export async function ircClient(port: number, nick?: string, rooms = ''): Promise<IrcClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  const lines: string[] = [];
  let rest = '';
  let at = 0;
  let isOver = false;
  let look = (): void => {};
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\r\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    look();
  });
  const ended = new Promise<readonly string[]>((resolve) => {
    const over = (): void => {
      isOver = true;
      look();
      resolve(lines);
    };
    socket
      .on('error', () => {})
      .once('end', over)
      .once('close', over);
  });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const client: IrcClient = {
    socket,
    at: `127.0.0.1:${socket.localPort}`,
    lines,
    ended,
    says: (...said) => void socket.write(said.map((line) => `${line}\r\n`).join('')),
    sees: (pattern) =>
      new Promise((resolve, reject) => {
        const fits = (line: string) => (typeof pattern === 'string' ? line === pattern : pattern.test(line));
        look = () => {
          while (at < lines.length) {
            const line = lines[at++]!;
            if (!fits(line)) continue;
            look = () => {};
            return resolve(line);
          }
          if (isOver) reject(new Error(`no line like ${pattern} came:\n${lines.join('\n')}`));
        };
        look();
      }),
    [Symbol.dispose]: () => socket.destroy(),
  };
  if (nick !== undefined) {
    client.says(`NICK ${nick}`, `USER ${nick} 0 * :${nick} of the tests`);
    await client.sees(/ 376 /);
  }
  for (const room of rooms.split(',').filter(Boolean)) {
    client.says(`JOIN ${room}`);
    await client.sees(/ 366 /);
  }
  return client;
}
