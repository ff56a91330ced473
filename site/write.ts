/** Writes the pages of the site into site/pages/, where VitePress takes them from. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pagesOfSite } from './pages.ts';

const folder = fileURLToPath(new URL('pages/', import.meta.url));
rmSync(folder, { recursive: true, force: true });
for (const [place, content] of pagesOfSite()) {
  mkdirSync(dirname(join(folder, place)), { recursive: true });
  writeFileSync(join(folder, place), content);
}
