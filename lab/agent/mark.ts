/** Marks in the stream of frames: what was sent before one has left before it. */
import { ownAddresses } from './addresses.ts';
import { bindSocket } from './binding.ts';
import { failure } from './failures.ts';
import { type AgentCalls, MARK } from './protocol.ts';

/** Throws a NetworkFailure where the host's own kernel lets no such datagram out. */
export const mark: AgentCalls['mark'] = async ({ text }) => {
  const own = ownAddresses().filter(({ internal }) => !internal);
  await Promise.all(own.map(({ address }) => markFrom(address, text)));
};

async function markFrom(address: string, text: string): Promise<void> {
  const start = performance.now();
  const socket = await bindSocket('udp4', address, 0);
  try {
    socket.setMulticastInterface(address);
    socket.setMulticastLoopback(false);
    await new Promise<void>((resolve, reject) => {
      socket.send(text, MARK.port, MARK.address, (error) =>
        error ? reject(failure(error, 'send', start)) : resolve(),
      );
    });
  } finally {
    socket.close();
  }
}
