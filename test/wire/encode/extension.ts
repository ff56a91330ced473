/** Extension headers of IPv6 to bytes; lab/wire/extension.ts reads them. */
import { AUTHENTICATION, EXTENSION_AT, FRAGMENT, SMALLEST } from '../../../lab/wire/extension.ts';
import { putUint16, putUint32 } from './integer.ts';

export type ExtensionFields =
  /** `data` is what follows the two first bytes, filled up with zeros to a multiple of 8 with them. */
  | { protocol: number; data?: Uint8Array }
  | { fragment: { offset: number; more: boolean; identification: number } };

/** The protocol number that names it in the header before. */
export function extensionProtocol(fields: ExtensionFields): number {
  return 'fragment' in fields ? FRAGMENT : fields.protocol;
}

export function encodeExtension(fields: ExtensionFields, nextHeader: number): Uint8Array {
  if ('fragment' in fields) return encodeFragment(fields.fragment, nextHeader);
  const data = fields.data ?? new Uint8Array();
  const bytes = new Uint8Array(Math.ceil((data.length + 2) / 8) * 8);
  bytes[EXTENSION_AT.nextHeader] = nextHeader;
  bytes[EXTENSION_AT.length] =
    fields.protocol === AUTHENTICATION ? bytes.length / 4 - 2 : bytes.length / 8 - 1;
  bytes.set(data, 2);
  return bytes;
}

function encodeFragment(
  fields: { offset: number; more: boolean; identification: number },
  nextHeader: number,
): Uint8Array {
  const bytes = new Uint8Array(SMALLEST);
  bytes[EXTENSION_AT.nextHeader] = nextHeader;
  putUint16(bytes, EXTENSION_AT.fragmentOffset, (fields.offset & 0xfff8) | (fields.more ? 1 : 0));
  putUint32(bytes, EXTENSION_AT.identification, fields.identification);
  return bytes;
}
