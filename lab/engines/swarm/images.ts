/** Gives nodes the images that another node has. */
import type Docker from 'dockerode';
import { findId } from '../containers/base.ts';
import { asked } from '../containers/connection.ts';
import { follow } from '../containers/transcript.ts';
import type { UpOptions } from '../engine.ts';
import type { Node } from './node.ts';

/** Those that the node has already, by their id, are left out. */
export async function giveImages(
  from: Docker,
  to: Node,
  references: readonly string[],
  { progress, signal }: UpOptions,
): Promise<void> {
  const missing: string[] = [];
  for (const reference of references) {
    const [here, there] = await Promise.all([findId(from, reference), findId(to.docker, reference)]);
    if (here !== undefined && here !== there) missing.push(reference);
  }
  if (missing.length === 0) return;
  progress(`giving ${to.name} the image${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`);
  await asked(`give images to ${to.name}`, async () => {
    const saved = await savedStream(from, missing);
    await follow(await to.docker.loadImage(saved, { abortSignal: signal }), () => {});
  });
}

/** Several images in one archive have their layers once. */
function savedStream({ modem }: Docker, names: string[]): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: '/images/get?',
        options: { names },
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true, 500: 'server error' },
      },
      (error, stream) => (error ? reject(error) : resolve(stream as NodeJS.ReadableStream)),
    );
  });
}
