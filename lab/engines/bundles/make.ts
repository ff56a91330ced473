/** Makes the bundles with esbuild, which is there in a checkout alone: an installed package brings them ready. */
import { relative } from 'node:path';
import { ENTRIES, EXTERNAL } from './entries.ts';

/** Packages that are CommonJS ask for Node's own modules with `require`, which an ES module must make for itself. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

/**
 * Writes every entry of the package at `root` into `folder`, as `NAME.mjs`; returns the files that went in, from `root`.
 * Names are kept and each file's code stands under its path, so that a stack trace can be read without a source map. A
 * source map would have to be read at each start.
 */
export async function makeBundles(root: string, folder: string): Promise<string[]> {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    banner: { js: REQUIRE },
    external: EXTERNAL,
    metafile: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs).filter((path) => !path.startsWith('<'));
  return inputs.map((path) => relative(root, `${root}/${path}`)).sort();
}
