/** Marks in the stream of frames: every frame that was sent before a mark has left before it. */
import { type OwnAddress, ownAddresses } from './addresses.ts';
import { bindSocket } from './binding.ts';
import { failure } from './failures.ts';
import { type AgentCalls, MARK, MARK_V6 } from './protocol.ts';

/** Throws a NetworkFailure where the host's own kernel lets no such datagram out. */
export const mark: AgentCalls['mark'] = async ({ text }) => {
  const own = ownAddresses().filter(({ internal }) => !internal);
  const four = new Set(own.filter(({ family }) => family === 'ipv4').map(({ card }) => card));
  const marking = own.filter(({ family, card }) => family === 'ipv4' || !four.has(card));
  await Promise.all(marking.map((one) => markFrom(one, text)));
};

async function markFrom({ address, family, card }: OwnAddress, text: string): Promise<void> {
  const start = performance.now();
  const six = family === 'ipv6';
  const [to, by] = six ? [MARK_V6, `::%${card}`] : [MARK, address];
  const socket = await bindSocket(six ? 'udp6' : 'udp4', address, 0);
  try {
    socket.setMulticastInterface(by);
    socket.setMulticastLoopback(false);
    await new Promise<void>((resolve, reject) => {
      socket.send(text, to.port, to.address, (error) =>
        error ? reject(failure(error, 'send', start)) : resolve(),
      );
    });
  } finally {
    socket.close();
  }
}
