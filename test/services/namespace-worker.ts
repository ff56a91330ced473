/**
 * Runs inside a network namespace of its own and does there what a test asks, over the channel to its parent:
 * run a command, start a program, or ask somebody and wait for the answer.
 */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createChat } from '../../services/chat/server.ts';
import { createUdpEcho } from '../../services/udp-echo/server.ts';

export interface Question {
  readonly from: string;
  /** Default: any free one. */
  readonly fromPort?: number;
  readonly to: string;
  readonly port: number;
  readonly text: string;
}
export type Task =
  | { readonly do: 'run'; readonly command: readonly string[] }
  | ({ readonly do: 'send' } & Question)
  | { readonly do: 'echo'; readonly groups: readonly string[] }
  | { readonly do: 'chat'; readonly port: number }
  | ({ readonly do: 'ask' } & Question);

async function perform(task: Task): Promise<unknown> {
  if (task.do === 'run')
    return execFileSync(task.command[0] ?? '', task.command.slice(1), { encoding: 'utf8' });
  if (task.do === 'ask') return ask(task);
  if (task.do === 'send') return send(task);
  const onEvent = (event: unknown): unknown => process.send?.({ event }, () => {});
  const service =
    task.do === 'chat'
      ? await createChat({ port: task.port, ircPort: 0, onEvent })
      : await createUdpEcho({ groups: task.groups, onEvent });
  return service.addresses;
}

function send({ from, fromPort = 0, to, port, text }: Question): Promise<void> {
  const socket = createSocket(from.includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.bind(fromPort, from, () => {
      socket.send(text, port, to, () => socket.close(() => resolve()));
    });
  });
}

/**
 * The text of the answer and the address it came from, or `timeout` after eight seconds. Asked again each half second:
 * a kernel takes up to a second to notice that a cable is in, and what is sent before that is lost.
 */
function ask({
  from,
  fromPort = 0,
  to,
  port,
  text,
}: Question): Promise<{ text: string; from: string } | 'timeout'> {
  const socket = createSocket({ type: from.includes(':') ? 'udp6' : 'udp4' });
  return new Promise((resolve) => {
    // Without a callback a failed send would be an error of the socket; here it is one more datagram lost.
    const again = (): void => socket.send(text, port, to, () => {});
    let repeating: NodeJS.Timeout | undefined;
    const finish = (answer: { text: string; from: string } | 'timeout'): void => {
      clearTimeout(timer);
      clearInterval(repeating);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish('timeout'), 8000);
    socket.on('message', (data, { address }) => finish({ text: data.toString(), from: address }));
    socket.bind(fromPort, from, () => {
      if (!from.includes(':')) {
        socket.setBroadcast(true);
        socket.setMulticastInterface(from);
      }
      again();
      repeating = setInterval(again, 500);
    });
  });
}

process.on('message', ({ id, task }: { id: number; task: Task }) => {
  perform(task).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ up: true });
