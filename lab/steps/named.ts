/** Conversations that earlier steps named (`as`), found again by later ones (`use`, `accept`). */
import { LabError } from '../errors.ts';
import type { StepContext } from '../outcomes/context.ts';
import {
  type Conversation,
  conversationKey,
  type Datagrams,
  type Listener,
  type Stream,
} from '../outcomes/conversation.ts';

function named(name: string, context: StepContext): Conversation {
  const found = context.named.get(conversationKey(context.host.name, name));
  if (found) return found;
  throw new LabError('scenario', `${name} is not open at ${context.host.name}`, {
    hint: `see why the step at ${context.host.name} that says \`as: ${name}\` did not succeed`,
  });
}

function wrongKind(name: string, found: Conversation, wanted: string): LabError {
  const kinds = { stream: 'a TCP connection', datagrams: 'a UDP socket', listener: 'a TCP listener' };
  return new LabError('scenario', `${name} is ${kinds[found.kind]}, not ${wanted}`, {
    hint: `use it in a step that fits: tcp: { use }, tcp: { accept } or udp: { use }`,
  });
}

export function streamNamed(name: string, context: StepContext): Stream {
  const found = named(name, context);
  if (found.kind === 'stream') return found;
  throw wrongKind(name, found, 'a TCP connection');
}

export function datagramsNamed(name: string, context: StepContext): Datagrams {
  const found = named(name, context);
  if (found.kind === 'datagrams') return found;
  throw wrongKind(name, found, 'a UDP socket');
}

export function listenerNamed(name: string, context: StepContext): Listener {
  const found = named(name, context);
  if (found.kind === 'listener') return found;
  throw wrongKind(name, found, 'a TCP listener');
}
