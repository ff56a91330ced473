/** The UDP echo server as a program: its settings are environment variables. */
import { eventLevelFrom, groupsFrom, hostsFrom, portFrom } from '../environment.ts';
import { serve } from '../serve.ts';
import { createUdpEcho } from './server.ts';

await serve('udp-echo', (env, onEvent) =>
  createUdpEcho({
    hosts: hostsFrom(env),
    groups: groupsFrom(env),
    echoPort: portFrom(env, 'PORT_ECHO', 7),
    capitalsPort: portFrom(env, 'PORT_CAPITALS', 9000),
    events: eventLevelFrom(env),
    onEvent,
  }),
);
