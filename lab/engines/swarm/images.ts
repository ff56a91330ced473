/** Gives nodes the images that another node has, without the layers that they have already. */
import { type Readable, Transform } from 'node:stream';
import type Docker from 'dockerode';
import { findId } from '../containers/base.ts';
import { asked } from '../containers/connection.ts';
import { follow } from '../containers/transcript.ts';
import type { UpOptions } from '../engine.ts';
import { heldLayers } from './layers.ts';
import type { Node } from './node.ts';
import type { Registry } from './registry.ts';
import { withoutEntries } from './without-entries.ts';

const TOLD_EVERY = 50e6;

/** Those that the node has already, by their id, are left out. The others go straight there where there is no registry. */
export async function giveImages(
  from: Docker,
  to: Node,
  references: readonly string[],
  options: UpOptions,
  registry?: Registry,
): Promise<void> {
  const { progress, signal } = options;
  const [missing, there] = [[] as string[], [] as string[]];
  for (const reference of references) {
    const [here, id] = await Promise.all([findId(from, reference), findId(to.docker, reference)]);
    if (here !== undefined) (here === id ? there : missing).push(reference);
  }
  if (missing.length === 0) return;
  if (registry) {
    await registry.give(to, missing, options);
    return;
  }
  const giving = `giving ${to.name} the image${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`;
  progress(giving);
  const layersOf = (names: string[]) =>
    Promise.all(names.map(async (name) => (await from.getImage(name).inspect()).RootFS.Layers ?? []));
  const give = async (held: ReadonlySet<string>) => {
    const saved = await savedStream(from, missing);
    const rest = withoutEntries((name) => held.has(name.replace('blobs/sha256/', 'sha256:')));
    const counted = counting((megabytes) => progress(`${giving}: ${megabytes} MB`));
    saved.once('error', (error) => counted.destroy(error));
    await follow(
      await to.docker.loadImage(saved.pipe(rest).pipe(counted), { abortSignal: signal }),
      () => {},
    );
  };
  await asked(`give images to ${to.name}`, async () => {
    const held = heldLayers(await layersOf(missing), await layersOf(there));
    // An engine with another store of images may want every layer.
    await give(held).catch((error) =>
      signal.aborted || held.size === 0 ? Promise.reject(error) : give(new Set()),
    );
  });
}

/** Hands bytes on, and tells how much has passed, after each TOLD_EVERY bytes. */
function counting(tell: (megabytes: number) => void): Transform {
  let passed = 0;
  let told = 0;
  return new Transform({
    transform(bytes: Buffer, _, done) {
      passed += bytes.length;
      if (passed - told >= TOLD_EVERY) {
        told = passed;
        tell(Math.floor(passed / 1e6));
      }
      done(null, bytes);
    },
  });
}

/** Several images in one archive have their layers once. */
function savedStream({ modem }: Docker, names: string[]): Promise<Readable> {
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: '/images/get?',
        options: { names },
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true, 500: 'server error' },
      },
      (error, stream) => (error ? reject(error) : resolve(stream as Readable)),
    );
  });
}
