/** The kinds of headers at the start of a captured frame: the registry of link types that pcap and pcapng share. */

export const LINK = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  /** IP without a link: 12 and 14 are numbers of some systems for 101. */
  rawBsd: 12,
  rawOpenBsd: 14,
  pppHdlc: 50,
  pppEther: 51,
  raw: 101,
  wireless: 105,
  loop: 108,
  cooked: 113,
  radiotap: 127,
  ipv4: 228,
  ipv6: 229,
  cooked2: 276,
} as const;

/** Names of common link types that are not read here, as in the registry. */
const UNREAD: ReadonlyMap<number, string> = new Map([
  [104, 'C_HDLC'],
  [107, 'FRELAY'],
  [119, 'IEEE802_11_PRISM'],
  [147, 'USER0'],
  [163, 'IEEE802_11_AVS'],
  [187, 'BLUETOOTH_HCI_H4'],
  [189, 'USB_LINUX'],
  [192, 'PPI'],
  [195, 'IEEE802_15_4_WITHFCS'],
  [201, 'BLUETOOTH_HCI_H4_WITH_PHDR'],
  [220, 'USB_LINUX_MMAPPED'],
  [227, 'CAN_SOCKETCAN'],
  [230, 'IEEE802_15_4_NOFCS'],
  [249, 'USBPCAP'],
  [253, 'NETLINK'],
]);

/** `USB_LINUX` for 189; undefined for a link type without a name here, and for those that are read. */
export function linkName(linkType: number): string | undefined {
  return UNREAD.get(linkType);
}
