/** Strangers' clients of the echo programs on namespaces and on Docker, with a gigabyte there and back. */
import { engineNamed } from '../../lab/engines/index.ts';
import { describeNeeding } from '../needs.ts';
import { ECHO_PROGRAMS, echoes } from '../strangers/echoes.ts';
import { lackingHere } from '../strangers/shell.ts';

for (const [name, subnet] of [
  ['netns', '10.122.9.0/24'],
  ['docker', '10.122.10.0/24'],
] as const) {
  const engine = engineNamed(name);
  const { lacking } = await engine.probe();
  const none = lacking && `${lacking.why}; ${lacking.hint}`;
  const clients = name === 'netns' ? lackingHere(ECHO_PROGRAMS) : undefined;
  describeNeeding(none || !clients ? name : 'clients', none ?? clients, `a gigabyte on ${name}`, () =>
    echoes(engine, subnet, 1e9),
  );
}
