/** The MACs that a scenario gives to cards: their form, and that each is there only once. */

import { reading, show, Wrong } from '../../model/reading.ts';
import type { Attachment } from '../hosts/attachment.ts';
import { type Page, refuse } from '../text/page.ts';

const FORM = 'write six octets in hexadecimal, in quotes: "02:00:00:00:00:99"';
const UNICAST = 'write one that begins with 02, which everybody may use: "02:00:00:00:00:99"';
const MAC = /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i;

/** A unicast MAC (IEEE 802), in the form that is used everywhere: lower case, with colons. */
export const mac = reading(
  (input) => {
    const text = typeof input === 'string' ? input : '';
    if (!MAC.test(text)) return new Wrong(`${show(input)} is not a MAC`, FORM);
    const found = text.replaceAll('-', ':').toLowerCase();
    if (found === 'ff:ff:ff:ff:ff:ff')
      return new Wrong(`${found} is the broadcast MAC: no card has it`, UNICAST);
    if (Number.parseInt(found.slice(0, 2), 16) % 2 === 1)
      return new Wrong(
        `${found} is a multicast MAC: its first octet is odd, and that of a card is even`,
        UNICAST,
      );
    if (found === '00:00:00:00:00:00') return new Wrong(`${found} is the empty MAC: no card has it`, UNICAST);
    return found;
  },
  {
    type: 'string',
    description: 'The MAC of its card there. Without it, lanlab makes one from the lab and the address.',
  },
);

/** Captures name a card by its MAC, and cuts find its cable by it: so each MAC is in a lab once. */
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
      if (owner !== undefined) refuse(page, mac.at, `${owner} has the MAC ${mac.value} already`, { hint });
      else owners.set(mac.value, `\`${host.name}\` on \`${network}\``);
    }
  }
}
