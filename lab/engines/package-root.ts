/** Where this package is: its Dockerfiles, and the TypeScript that images are built from. */
import { resolve } from 'node:path';

/** In a checkout we are TypeScript in lab/; in an installed package JavaScript in dist/lab/. */
export const PACKAGE_ROOT = resolve(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? '..' : '../..',
);
