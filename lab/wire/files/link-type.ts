/** What lies in a captured frame: the registry of link types that pcap and pcapng share. */
import { LabError } from '../../errors.ts';

/** Those that people meet. */
const NAMES: Record<number, string> = {
  0: 'NULL (BSD loopback)',
  1: 'EN10MB (Ethernet)',
  9: 'PPP',
  12: 'RAW (IP without a link)',
  101: 'RAW (IP without a link)',
  105: 'IEEE802_11 (wireless)',
  113: 'LINUX_SLL (cooked: the card "any")',
  127: 'IEEE802_11_RADIO (wireless)',
  189: 'USB_LINUX',
  228: 'IPV4 (without a link)',
  229: 'IPV6 (without a link)',
  276: 'LINUX_SLL2 (cooked: the card "any")',
};

/** A frame at this offset of the file is none of Ethernet. */
export function notEthernet(linkType: number, offset: number): LabError {
  const name = NAMES[linkType] ?? `number ${linkType}`;
  return new LabError(
    'capture',
    `the frame at byte ${offset} is of link type ${name}: only EN10MB (Ethernet) is read`,
    {
      hint: 'capture on one card by its name: tcpdump -i eth0',
    },
  );
}
