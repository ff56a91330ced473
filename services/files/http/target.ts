/** The target of a request (RFC 9112, section 3.2) → the name of a file, and back. */

/** The name, `.` for the root; undefined where the percent-encoding (RFC 3986, section 2.1) is wrong or has a NUL. */
export function nameOf(target: string): Buffer | undefined {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  if (/%(?![0-9a-f]{2})|%00/i.test(path)) return undefined;
  const bytes = path.replace(/%(..)/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes.replace(/^\/+/, '') || '.', 'latin1');
}

/** The target that leads to a name. */
export function targetOf(name: string): string {
  return `/${name.split('/').map(encodeURIComponent).join('/')}`;
}
