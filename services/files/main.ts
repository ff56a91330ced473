/** The file server as a program: its settings are environment variables. */
import { eventLevelFrom, hostsFrom, portFrom } from '../environment.ts';
import { serve } from '../serve.ts';
import { createFiles } from './server.ts';

await serve('files', (env, onEvent) =>
  createFiles({
    hosts: hostsFrom(env),
    tftpPort: portFrom(env, 'PORT_TFTP', 69),
    httpPort: portFrom(env, 'PORT_HTTP', 80),
    ...(env.TLS_CERT ? { certificateFile: env.TLS_CERT } : {}),
    ...(env.TLS_KEY ? { keyFile: env.TLS_KEY } : {}),
    httpsPort: portFrom(env, 'PORT_HTTPS', 443),
    port: portFrom(env, 'PORT', 9000),
    root: env.ROOT || '/srv/files',
    ...(env.GREETING_FILE ? { greetingFile: env.GREETING_FILE } : {}),
    greetingPort: portFrom(env, 'GREETING_PORT', 9001),
    events: eventLevelFrom(env),
    onEvent,
  }),
);
