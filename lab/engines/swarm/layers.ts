/** The layers that an archive of images need not hold, since its receiver has them. */

/**
 * The digests of layers of `sent` that can be left out, given the images that are there. An image is a list of layers, the
 * lowest first, and a layer is known only on top of the same ones.
 */
export function heldLayers(
  sent: readonly (readonly string[])[],
  there: readonly (readonly string[])[],
): Set<string> {
  const held = sent.map((layers) => Math.max(0, ...there.map((other) => commonLength(layers, other))));
  const needed = new Set(sent.flatMap((layers, index) => layers.slice(held[index])));
  const known = sent.flatMap((layers, index) => layers.slice(0, held[index]));
  return new Set(known.filter((layer) => !needed.has(layer)));
}

function commonLength(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((layer, index) => layer !== other[index]);
  return differs < 0 ? one.length : differs;
}
