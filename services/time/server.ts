/** The time over UDP: NTP on one port (RFC 5905, server mode), text in a strftime format on the other. */
import { nowMicroseconds } from '../clock.ts';
import { ALL_HOSTS, EVERY_ADDRESS } from '../environment.ts';
import { emitter } from '../events.ts';
import { type Service, type ServiceOptions, together } from '../serve.ts';
import { listenDatagram } from '../udp-sockets.ts';
import { timeInFormat } from './format.ts';
import { NTP_DEFAULTS, type NtpSettings, notARequest, ntpReply } from './ntp.ts';
import { clockSetting, ToldClock } from './told.ts';

export interface TimeOptions extends ServiceOptions {
  /** Default 123. */
  readonly ntpPort?: number;
  /** Default 9000. */
  readonly textPort?: number;
  /** Seconds by which both answers are wrong: positive is ahead. Default 0. */
  readonly offset?: number;
  readonly ntp?: Partial<NtpSettings>;
  /** Where the clock that it tells can be set while it runs (`CLOCK_SOCKET`). Default: nowhere. */
  readonly setting?: string;
  /** Multicast groups heard besides the host's own addresses. Default: all hosts of the link. */
  readonly groups?: readonly string[];
}

/** Well-known reply ports except NTP's own: many clients ask from 123, and an answer (mode 4) is never answered. */
const NTP_UNANSWERED: ReadonlySet<number> = new Set([7, 13, 19, 37]);

/** @throws StartError when a port is in use or not permitted. */
export async function createTime(options: TimeOptions = {}): Promise<Service> {
  const events = emitter(options.events, options.onEvent);
  const common = { hosts: options.hosts ?? EVERY_ADDRESS, groups: options.groups ?? ALL_HOSTS, events };
  const settings = { ...NTP_DEFAULTS, ...options.ntp };
  const clock = new ToldClock(Math.round((options.offset ?? 0) * 1e6));
  const service = await together([
    listenDatagram({
      ...common,
      service: 'ntp',
      port: options.ntpPort ?? 123,
      setting: 'PORT_NTP',
      unanswered: NTP_UNANSWERED,
      onDatagram({ data, received, reply, report }) {
        const reason = notARequest(data);
        if (reason !== undefined) {
          report('ignore', { reason, bytes: data.length });
          return;
        }
        // The clock may be set back between the two readings; a reply never leaves before its request came.
        const transmitted = Math.max(nowMicroseconds(), received);
        reply(ntpReply(data, clock.at(received), clock.at(transmitted), settings));
      },
    }),
    listenDatagram({
      ...common,
      service: 'time',
      port: options.textPort ?? 9000,
      setting: 'PORT_TIME',
      onDatagram({ data, received, reply }) {
        reply(Buffer.from(timeInFormat(data, clock.at(received))));
      },
    }),
  ]);
  const setting = options.setting === undefined ? undefined : await clockSetting(clock, options.setting);
  events.emit({ event: 'ready', program: 'time', listening: service.addresses });
  return {
    get addresses() {
      return service.addresses;
    },
    async close(graceMs) {
      setting?.close();
      await service.close(graceMs);
    },
  };
}
