/** MACs that cards are given by the scenario: what may be written, and each but once. */

import { reading, show, Wrong } from '../../model/reading.ts';
import type { Attachment } from '../hosts/attachment.ts';
import { type Page, refuse } from '../text/page.ts';

const FORM = 'write six octets in hexadecimal, in quotes: "02:00:00:00:00:99"';
const UNICAST = 'write one that begins with 02, which is for whoever wants one: "02:00:00:00:00:99"';
const MAC = /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i;

/** A unicast MAC (IEEE 802), as all else has it: lower case, with colons. */
export const mac = reading(
  (input) => {
    const text = typeof input === 'string' ? input : '';
    if (!MAC.test(text)) return new Wrong(`${show(input)} is no MAC`, FORM);
    const found = text.replaceAll('-', ':').toLowerCase();
    if (found === 'ff:ff:ff:ff:ff:ff') return new Wrong(`${found} is everybody's: no card has it`, UNICAST);
    if (Number.parseInt(found.slice(0, 2), 16) % 2 === 1)
      return new Wrong(`${found} is a group's: its first octet is odd, and a card's is even`, UNICAST);
    if (found === '00:00:00:00:00:00') return new Wrong(`${found} is nobody's: no card has it`, UNICAST);
    return found;
  },
  {
    type: 'string',
    description: 'The MAC of its card there; made from the lab and the address where none is written.',
  },
);

/** Everything that names a card in a capture, or cuts its cable, goes by its MAC: each is in a lab once. */
export function checkMacs(
  page: Page,
  hosts: Iterable<{ host: { name: string }; attachments: readonly Attachment[] }>,
): void {
  const owners = new Map<string, string>();
  for (const { host, attachments } of hosts) {
    for (const { network, mac } of attachments) {
      if (!mac) continue;
      const owner = owners.get(mac.value);
      const hint = 'write another one for each card, or none: then one is made';
      if (owner !== undefined) refuse(page, mac.at, `${mac.value} is ${owner} already`, { hint });
      else owners.set(mac.value, `\`${host.name}\`'s on \`${network}\``);
    }
  }
}
