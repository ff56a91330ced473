/** Where this package is: its Dockerfiles, and the TypeScript that images are built from. */
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** Found from here upwards, so that it is right in a checkout and, where we are JavaScript in dist/, in a package. */
export const PACKAGE_ROOT = dirname(findPackageJSON('.', import.meta.url)!);
