/// <reference types="node" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The library: `import { lab } from 'lanlab'`. The command calls the same functions.
 *
 *   await using net = await lab('scenarios/01-lan.yaml');
 *   await using talk = await net.host('alice').tcp('echo:9000');
 *   await talk.write('hello');
 */

export { z } from 'zod';
export type { Endpoint } from './agent/endpoint.ts';
export type {
  Downloaded,
  FailureKind,
  HostEvent,
  InterfaceState,
  NeighbourState,
  NtpAnswer,
  RouteState,
  SocketState,
  TlsSession,
} from './agent/protocol.ts';
export { NetworkFailure } from './agent/protocol.ts';
export type { ChatPerson } from './api/chat.ts';
export type { Command, CommandOptions } from './api/command.ts';
export type { EventMatch, Events } from './api/events.ts';
export type { Exchange } from './api/exchange.ts';
export type { CutSide } from './api/faults.ts';
export type { Host, ListenTcp, ListenUdp } from './api/host.ts';
export type { HttpAnswer, HttpOptions, HttpRequest, HttpResult } from './api/http.ts';
export { type Lab, type LabOptions, lab } from './api/lab.ts';
export {
  defineExpectation,
  defineFault,
  defineStep,
  type OwnExpectation,
  type OwnFault,
  type OwnStep,
  type OwnWord,
  type Speaks,
  type StepFound,
  type Verdict,
} from './api/own/define.ts';
export type { Pinged, PingOptions } from './api/ping.ts';
export type { TcpConnection, TcpListener, TcpOptions, TcpSettings } from './api/tcp.ts';
export type { Datagram, UdpOptions, UdpSocket } from './api/udp.ts';
export type { ShowOptions, Wire, WrittenView, WrittenWire } from './api/wire.ts';
export type {
  WrittenBytes,
  WrittenFault,
  WrittenHost,
  WrittenImpairment,
  WrittenOn,
  WrittenScenario,
  WrittenStep,
} from './api/written.ts';
export type { EngineName, RunningProgram } from './engines/engine.ts';
export { LabError, type LabErrorCode, type Where } from './errors.ts';
export type { Fault } from './faults/fault.ts';
export type { Plan } from './model/planned.ts';
export type { RunResult } from './run/run.ts';
export type { Problem } from './scenario/text/one-problem.ts';
export { ScenarioErrors } from './scenario/text/problem.ts';
