/** Strangers' clients send a gigabyte through the echo and have it back, on namespaces and on Docker. */
import { engineNamed } from '../../lab/engines/index.ts';
import { describeNeeding } from '../needs.ts';
import { echoes } from '../strangers/echoes.ts';

for (const [name, subnet] of [
  ['netns', '10.122.9.0/24'],
  ['docker', '10.122.10.0/24'],
] as const) {
  const engine = engineNamed(name);
  const { lacking } = await engine.probe();
  describeNeeding(name, lacking && `${lacking.why}; ${lacking.hint}`, `a gigabyte on ${name}`, () =>
    echoes(engine, subnet, 1e9),
  );
}
