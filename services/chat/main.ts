/** The chat relay as a program: its settings are environment variables. */
import { eventLevelFrom, groupsFrom, hostsFrom, numberFrom, portFrom } from '../environment.ts';
import { serve } from '../serve.ts';
import { createChat } from './server.ts';

await serve('chat', (env, onEvent) =>
  createChat({
    hosts: hostsFrom(env),
    groups: groupsFrom(env),
    ircPort: portFrom(env, 'PORT_IRC', 6667),
    port: portFrom(env, 'PORT', 9000),
    ircRate: numberFrom(env, 'IRC_RATE', { fallback: 20, min: 1, max: 1_000_000, unit: 'lines a second' }),
    idleSeconds: numberFrom(env, 'IDLE_SECONDS', {
      fallback: 60,
      min: 0.1,
      max: 86_400,
      fraction: true,
      unit: 'seconds',
    }),
    people: numberFrom(env, 'PEOPLE', { fallback: 1000, min: 1, max: 10_000 }),
    events: eventLevelFrom(env),
    onEvent,
  }),
);
