/** The TCP echo server as a program: its settings are environment variables. */
import { eventLevelFrom, hostsFrom, portFrom } from '../environment.ts';
import { serve } from '../serve.ts';
import { createTcpEcho } from './server.ts';

await serve('tcp-echo', (env, onEvent) =>
  createTcpEcho({
    hosts: hostsFrom(env),
    echoPort: portFrom(env, 'PORT_ECHO', 7),
    capitalsPort: portFrom(env, 'PORT_CAPITALS', 9000),
    events: eventLevelFrom(env),
    onEvent,
  }),
);
