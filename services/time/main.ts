/** The time server as a program: its settings are environment variables. */
import { eventLevelFrom, groupsFrom, hostsFrom, portFrom } from '../environment.ts';
import { serve } from '../serve.ts';
import { createTime } from './server.ts';
import { checkTimeZone, ntpRateFrom, ntpSettingsFrom, offsetFrom } from './settings.ts';
import { CLOCK_SOCKET } from './told.ts';

await serve('time', (env, onEvent) => {
  checkTimeZone(env);
  return createTime({
    hosts: hostsFrom(env),
    groups: groupsFrom(env),
    ntpPort: portFrom(env, 'PORT_NTP', 123),
    textPort: portFrom(env, 'PORT_TIME', 9000),
    daytimePort: portFrom(env, 'PORT_DAYTIME', 13),
    secondsPort: portFrom(env, 'PORT_SECONDS', 37),
    offset: offsetFrom(env),
    ntp: ntpSettingsFrom(env),
    ntpRate: ntpRateFrom(env),
    setting: CLOCK_SOCKET,
    events: eventLevelFrom(env),
    onEvent,
  });
});
