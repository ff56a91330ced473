/** The time: NTP (RFC 5905, server mode), text in a strftime format, Daytime (RFC 867), and the Time Protocol (RFC 868). */
import { Budget } from '../budget.ts';
import { nowMicroseconds } from '../clock.ts';
import { ALL_HOSTS, EVERY_ADDRESS } from '../environment.ts';
import { emitter } from '../events.ts';
import { type Service, type ServiceOptions, together } from '../serve.ts';
import { type Datagram, type DatagramOptions, listenDatagram } from '../udp-sockets.ts';
import { daytimeAnswer } from './daytime.ts';
import { timeInFormat } from './format.ts';
import { kissOfDeath, NTP_DEFAULTS, type NtpSettings, notARequest, ntpReply } from './ntp.ts';
import { listenForOneAnswer } from './one-answer.ts';
import { Rates } from './rates.ts';
import { secondsAnswer } from './seconds.ts';
import { clockSetting, ToldClock } from './told.ts';

export interface TimeOptions extends ServiceOptions {
  /** Default 123. */
  readonly ntpPort?: number;
  /** Default 9000. */
  readonly textPort?: number;
  /** TCP and UDP. Default 13. */
  readonly daytimePort?: number;
  /** TCP and UDP. Default 37. */
  readonly secondsPort?: number;
  /** Seconds by which all answers are wrong: positive is ahead. Default 0. */
  readonly offset?: number;
  readonly ntp?: Partial<NtpSettings>;
  /** Requests of NTP a second that one address may send; 0 for as many as it likes. Default 16. */
  readonly ntpRate?: number;
  /** Where the clock that it tells can be set while it runs (`CLOCK_SOCKET`). Default: nowhere. */
  readonly setting?: string;
  /** Multicast groups heard besides the host's own addresses. Default: all hosts of the link. */
  readonly groups?: readonly string[];
}

/** Well-known reply ports except NTP's own: many clients ask from 123, and an answer (mode 4) is never answered. */
const NTP_UNANSWERED: ReadonlySet<number> = new Set([7, 13, 19, 37]);
/** Bytes by which answers over UDP may be longer than their requests, a second and after a pause: to one address, and to all. */
const MORE = { one: { rate: 2048, saved: 8192 }, all: { rate: 32_768, saved: 65_536 } } as const;

const TOO_MUCH = `the answer is longer than the request, and an address gets ${MORE.one.rate} such bytes a second at most`;

type Answer = (request: Buffer, at: number) => Buffer;

/** @throws StartError when a port is in use or not permitted. */
export async function createTime(options: TimeOptions = {}): Promise<Service> {
  const events = emitter(options.events, options.onEvent);
  const hosts = options.hosts ?? EVERY_ADDRESS;
  const udp = { hosts, groups: options.groups ?? ALL_HOSTS, events };
  const clock = new ToldClock(Math.round((options.offset ?? 0) * 1e6));
  const more = new Budget(MORE.one, MORE.all);
  const onDatagram =
    (answer: Answer): DatagramOptions['onDatagram'] =>
    (datagram) =>
      replyWithin(more, datagram, answer(datagram.data, clock.at(datagram.received)));
  /** The same answer to everybody, on one port of TCP and of UDP. */
  const toAnything = (service: string, port: number, setting: string, answer: (at: number) => Buffer) => [
    listenDatagram({
      ...udp,
      ...{ service, port, setting },
      answersAnything: true,
      onDatagram: onDatagram((_, at) => answer(at)),
    }),
    listenForOneAnswer({
      ...{ hosts, events, service, port, setting },
      answer: () => answer(clock.at(nowMicroseconds())),
    }),
  ];
  const service = await together([
    listenDatagram({
      ...udp,
      service: 'ntp',
      port: options.ntpPort ?? 123,
      setting: 'PORT_NTP',
      unanswered: NTP_UNANSWERED,
      isText: false,
      onDatagram: ntpAnswers(clock, { ...NTP_DEFAULTS, ...options.ntp }, new Rates(options.ntpRate)),
    }),
    listenDatagram({
      ...udp,
      service: 'time',
      port: options.textPort ?? 9000,
      setting: 'PORT_TIME',
      onDatagram: onDatagram((format, at) => Buffer.from(timeInFormat(format, at))),
    }),
    ...toAnything('daytime', options.daytimePort ?? 13, 'PORT_DAYTIME', daytimeAnswer),
    ...toAnything('seconds', options.secondsPort ?? 37, 'PORT_SECONDS', secondsAnswer),
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

function ntpAnswers(clock: ToldClock, settings: NtpSettings, rates: Rates): DatagramOptions['onDatagram'] {
  return ({ data, peer, received, reply, report }) => {
    const ignore = (reason: string): void => report('ignore', { reason, bytes: data.length });
    const reason = notARequest(data);
    if (reason !== undefined) return ignore(reason);
    const verdict = rates.of(peer.address);
    if (verdict === 'ignore') return ignore(rates.reason);
    if (verdict === 'kiss') report('refuse', { reason: rates.reason, bytes: data.length });
    reply(() => {
      // The clock may be set back between the two readings; a reply never leaves before its request came.
      const transmitted = Math.max(nowMicroseconds(), received);
      const answer = ntpReply(data, clock.at(received), clock.at(transmitted), settings);
      return verdict === 'kiss' ? kissOfDeath(answer) : answer;
    });
  };
}

/** The source of a datagram may be false: an answer that is longer than its request costs the address what it is longer. */
function replyWithin(more: Budget, { data, peer, report, reply }: Datagram, answer: Buffer): void {
  const longer = answer.length - data.length;
  if (longer <= 0 || more.take(peer.address, longer)) reply(answer);
  else report('ignore', { reason: TOO_MUCH, bytes: data.length });
}
