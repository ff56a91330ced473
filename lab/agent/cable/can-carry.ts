/** Tries whether frames can be carried here, without loading the code that carries them. */
import type { Lacking } from '../protocol.ts';

const AF_PACKET = 17;
const SOCK_RAW_CLOEXEC = 0o2000003;

/** It needs koffi with its machine code for this machine, and a socket that takes whole frames (packet(7)). */
export async function canCarry(): Promise<true | Lacking> {
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load(null);
    const open = libc.func('int socket(int domain, int type, int protocol)');
    const close = libc.func('int close(int file)');
    const socket = Number(open(AF_PACKET, SOCK_RAW_CLOEXEC, 0));
    if (socket < 0)
      return {
        why: `the kernel opens no packet socket (errno ${koffi.errno()})`,
        hint: 'use a kernel with CONFIG_PACKET, and give the host CAP_NET_RAW',
      };
    close(socket);
    return true;
  } catch (error) {
    return {
      why: `koffi cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
      hint: 'install lanlab on the kind of machine that the hosts are of: npm brings the machine code for its own',
    };
  }
}
