/** Many connections at once, for attacks. */
import { connect, type Socket } from 'node:net';

export interface Crowd extends AsyncDisposable {
  readonly sockets: readonly Socket[];
}

/** So many connections, each open, that have sent `text`, and read nothing where `deaf`. */
export async function crowd(port: number, count: number, text = '', deaf = false): Promise<Crowd> {
  const sockets: Socket[] = [];
  for (let begun = 0; begun < count; begun += 200) {
    const some = Array.from({ length: Math.min(200, count - begun) }, () => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => {});
      if (!deaf) socket.resume();
      return socket;
    });
    await Promise.all(
      some.map((socket) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))),
    );
    for (const socket of some) if (text !== '') socket.write(text);
    sockets.push(...some);
  }
  return {
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.resetAndDestroy();
      await Promise.all(
        sockets.map((socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve))),
      );
    },
  };
}
