/** The message where a program that a lab on namespaces needs is not found. */

/** `search` is the PATH it was looked for in. Undefined for any other error. */
export function noTool(error: unknown, search: string | undefined): string | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' || path === undefined || path.includes('/')) return undefined;
  return `there is no \`${path}\` in PATH (${search || 'which is empty'})`;
}
