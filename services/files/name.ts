/** The name of the file that a client wants, ended by a newline, by its FIN, or by silence. */
import type { Socket } from 'node:net';

export const NAME_LIMIT = 4096;
/** Tutorial clients send a bare name and wait: so long after its last bytes it is taken as complete. */
export const SILENCE_MS = 50;

/**
 * Resolves with the name's bytes, without the line end, once it is complete; nothing where it is longer than
 * 4096 bytes or the connection breaks. Bytes after the name are thrown away.
 */
export function readName(socket: Socket): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let name = Buffer.alloc(0);
    let timer: NodeJS.Timeout | undefined;
    function finish(result: Buffer | undefined): void {
      clearTimeout(timer);
      socket.off('data', take).off('end', end).off('close', broken);
      // Unread bytes would turn our FIN into a reset, and the reset would take the file's last bytes with it.
      socket.resume();
      resolve(result);
    }
    function take(chunk: Buffer): void {
      const stop = chunk.indexOf(0x0a);
      name = Buffer.concat([name, stop === -1 ? chunk : chunk.subarray(0, stop)]);
      clearTimeout(timer);
      // One more than the limit may be the carriage return before the newline.
      if (stop !== -1 || name.length > NAME_LIMIT + 1) finish(complete(name));
      else timer = setTimeout(() => finish(complete(name)), SILENCE_MS);
    }
    const end = (): void => finish(complete(name));
    const broken = (): void => finish(undefined);
    socket.on('data', take).on('end', end).on('close', broken);
  });
}

function complete(name: Buffer): Buffer | undefined {
  const bare = name.at(-1) === 0x0d ? name.subarray(0, -1) : name;
  return bare.length > NAME_LIMIT ? undefined : bare;
}
