/** The versions of this package, of Node and of the system. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { arch, release, type } from 'node:os';

export interface Versions {
  lanlab: string;
  node: string;
  /** Kernel and processor: `Linux 6.18.44 x64`. */
  system: string;
}

/** The package's version. It is looked up from this file upwards: this works in a checkout and in an installed package. */
function packageVersion(): string {
  const file = findPackageJSON('.', import.meta.url);
  if (file === undefined) return 'unknown';
  return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version ?? 'unknown';
}

export function versions(): Versions {
  return {
    lanlab: packageVersion(),
    node: process.versions.node,
    system: `${type()} ${release()} ${arch()}`,
  };
}
