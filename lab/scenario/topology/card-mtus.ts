/** MTUs of cards: at most the MTU of the network, and enough for IPv6 where the network has it. */
import { printFamily } from '../../model/address.ts';
import type { Attachment } from '../hosts/attachment.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { type Page, refuse } from '../text/page.ts';
import { SMALLEST_MTU_V6 } from '../values/mtu.ts';

/** The MTU of Ethernet (RFC 894). */
const USUAL = 1500;

export function checkMtus(
  page: Page,
  networks: ReadonlyMap<string, ReadNetwork>,
  hosts: Iterable<{ attachments: readonly Attachment[] }>,
): void {
  for (const { network, mtu } of [...hosts].flatMap(({ attachments }) => attachments)) {
    const found = networks.get(network);
    if (!mtu || !found) continue;
    const most = found.mtu ?? USUAL;
    if (mtu.value > most)
      refuse(
        page,
        mtu.at,
        `\`${network}\` carries packets of ${most} bytes, and this card's \`mtu\` is ${mtu.value}`,
        {
          hint: `write at most ${most}, or a larger \`mtu\` at \`${network}\``,
        },
      );
    const six = found.subnets.some(({ family }) => family === 'ipv6');
    if (six && mtu.value < SMALLEST_MTU_V6)
      refuse(page, mtu.at, `${printFamily('ipv6')} needs more than an \`mtu\` of ${mtu.value}`, {
        hint: `write ${SMALLEST_MTU_V6} or more, or give \`${network}\` no IPv6`,
      });
  }
}
