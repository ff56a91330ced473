/** `lanlab capture HOST [FILTER…]`: the frames at a host of a lab that is up, as they come. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { type CardCapture, captureCard, cardOf } from '../captures/card.ts';
import { captureFile, withWay } from '../captures/file.ts';
import { inOrder } from '../captures/in-order.ts';
import { namesOf } from '../captures/names.ts';
import { agentOf, connectOwner } from '../daemon/client.ts';
import { labOfHost } from '../daemon/find.ts';
import { LabError } from '../errors.ts';
import type { PlannedHost } from '../model/planned.ts';
import { decode } from '../wire/decode.ts';
import type { Captured } from '../wire/frame.ts';
import { printFrame } from '../wire/print.ts';
import type { Card } from '../wire/timeline.ts';
import { labsUp } from './labs.ts';
import { note, tell } from './say.ts';
import { interruption } from './terminal.ts';

export interface CaptureArguments {
  lab?: string;
  write?: string;
  count?: number;
}

/** An output for frames. */
interface Sink {
  frame(captured: Captured, card: Card): void;
  end(): Promise<void>;
}

export async function capture(host: string, filter: string, options: CaptureArguments): Promise<number> {
  const state = labOfHost(host, options.lab, await labsUp());
  using owner = await connectOwner(state);
  const { plan } = await owner.calls.describe();
  const planned = plan.hosts.find(({ name }) => name === host)!;
  const taking = { name: host, plan: planned, agent: agentOf(owner, host) };
  const cards = planned.interfaces.map((one) => cardOf(taking, one));
  const sink =
    options.write === undefined ? printing(plan.hosts) : await writing(options.write, cards, plan.hosts);
  using interrupted = interruption();
  const { promise: over, resolve: end } = Promise.withResolvers<string | undefined>();
  interrupted.signal.addEventListener('abort', () => end(undefined), { once: true });
  let count = 0;
  const order = inOrder(cards, (card, captured) => {
    if (options.count !== undefined && count >= options.count) return;
    count += 1;
    sink.frame(captured, card);
    if (count === options.count) end(undefined);
  });
  for (const name of neighboursOf(planned, plan.hosts)) await agentOf(owner, name).offloadOff();
  const captures = await begin(() =>
    Promise.all(
      planned.interfaces.map((one) =>
        captureCard(taking, one, { frame: order.take, lost: (_, why) => end(why) }, filter),
      ),
    ),
  );
  say(`capturing at ${host} (${cards.map(({ name }) => name).join(', ')})`);
  const lost = await over;
  const missing = lost ?? (await finish(captures));
  order.end();
  await sink.end();
  say(
    `${count} ${count === 1 ? 'frame' : 'frames'}${missing === undefined ? ', none missing' : `; ${missing}`}`,
  );
  return missing === undefined ? 0 : 1;
}

/** The hosts that share a network with this host, and the host itself: they send the frames that we capture. */
function neighboursOf({ interfaces }: PlannedHost, hosts: readonly PlannedHost[]): string[] {
  const networks = new Set(interfaces.map(({ network }) => network));
  return hosts
    .filter((host) => host.interfaces.some(({ network }) => networks.has(network)))
    .map(({ name }) => name);
}

function say(line: string): void {
  note(`lanlab: ${line}\n`);
}

/** Starts the captures. A complaint of tcpdump about the filter becomes an error for the user. */
async function begin(start: () => Promise<CardCapture[]>): Promise<CardCapture[]> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof LabError) throw error;
    const said = error instanceof Error ? error.message.replace(/^tcpdump: /, '') : String(error);
    throw new LabError('usage', `nothing can be captured: ${said}`, {
      hint: 'a filter is one of pcap-filter(7), for instance: lanlab capture alice tcp port 9000',
      cause: error,
    });
  }
}

async function finish(captures: readonly CardCapture[]): Promise<string | undefined> {
  const found = await Promise.all(captures.map((one) => one.stop()));
  const missing = found.filter((one) => one !== undefined);
  return missing.length > 0 ? missing.join('; ') : undefined;
}

function printing(hosts: readonly PlannedHost[]): Sink {
  const names = namesOf(hosts);
  return {
    frame: ({ bytes, length, seconds, nanoseconds }) => {
      const time = new Date(seconds * 1000).toISOString().slice(11, 19);
      const fraction = String(Math.floor(nanoseconds / 1000)).padStart(6, '0');
      tell(`${time}.${fraction}  ${printFrame(decode(bytes, length), names)}\n`);
    },
    end: async () => {},
  };
}

async function writing(file: string, cards: readonly Card[], hosts: readonly PlannedHost[]): Promise<Sink> {
  const to: Writable = file === '-' ? process.stdout : createWriteStream(file);
  if (file !== '-') await opened(to, file);
  const writer = captureFile(cards, hosts);
  to.write(writer.head);
  const places = new Map(cards.map(({ mac }, index) => [mac, index]));
  return {
    frame: (captured, card) =>
      void to.write(writer.frames([withWay({ ...captured, card: places.get(card.mac)! }, card)])),
    end: async () => {
      to.write(writer.end());
      if (file !== '-') await new Promise<void>((resolve) => to.end(resolve));
    },
  };
}

async function opened(to: Writable, file: string): Promise<void> {
  try {
    await once(to, 'open');
  } catch (cause) {
    throw new LabError('usage', `--write ${file} cannot be written: ${(cause as Error).message}`, {
      hint: 'name a file that can be written',
      cause,
    });
  }
}
