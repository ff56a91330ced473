/** For `npm run build`: the bundles that go into the package. */
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.ts';
import { makeBundles } from './make.ts';

await makeBundles(PACKAGE_ROOT, join(PACKAGE_ROOT, 'dist/bundles'));
