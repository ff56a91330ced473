/**
 * Row: how many frames a second a capture takes without missing one. One host sends datagrams to another for three
 * seconds, `lanlab capture` writes what comes to that one's card, and every datagram has to be in the file.
 */
import { createReadStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readCapture } from '../../lab/wire/files/capture-file.ts';
import { LANLAB, lackingEngine, lanlab, takeDown } from './ours.ts';
import { highest, rates } from './rates.ts';
import { OursFailed, type Row, type Setting } from './row.ts';

const SECONDS = 3;
const RATES = rates(20_000, 200_000);
/** Seconds for one command. */
const LIMIT = 60;
const ADDRESS = '10.211.8.2';
/** Nobody listens at either; frames to FIRST tell that the capture has begun. */
const [PORT, FIRST] = [9_009, 9_010];
/** The lab answers every datagram that nobody wants with an ICMP error; here once a second, as Linux does by itself. */
const SCENARIO = `lab: bench-capture
networks: { lan: 10.211.8.0/29 }
hosts:
  sender: { networks: { lan: 10.211.8.1 } }
  receiver: { networks: { lan: ${ADDRESS} }, sysctls: { net.ipv4.icmp_ratemask: "6168" } }
`;
/** Of an Ethernet frame with IPv4 without options: the upper byte of the UDP destination port. */
const DESTINATION_PORT = 14 + 20 + 2;

export const capture: Row = {
  name: 'capture',
  what: () => `a capture that stays complete for ${SECONDS} s`,
  limit: 75_000,
  sense: 'at least',
  unit: 'frames/s',
  docker: false,
  lacking: async (setting) => (await lackingEngine(setting, 'netns')) ?? (await lackingPython(setting)),
  run: async (setting) => {
    const file = join(setting.folder, 'capture.yaml');
    await writeFile(file, SCENARIO);
    try {
      await lanlab(setting, ['up', '--engine', 'netns', file], { limit: LIMIT });
      const found: number[] = [];
      for (let turn = 0; turn < (setting.times ?? 3); turn += 1) {
        found.push(await highest(RATES, (rate) => completeAt(setting, rate)));
      }
      return {
        pairs: found.map((ours) => ({ ours })),
        notes: [`offered between ${RATES[0]} and ${RATES.at(-1)}`],
      };
    } finally {
      await takeDown(setting, LIMIT);
    }
  },
};

async function lackingPython({ commands }: Setting): Promise<string | undefined> {
  const { code } = await commands.run(['sh', '-c', 'command -v python3'], { limit: 10 });
  return code === 0 ? undefined : 'no python3 in PATH, which sends the datagrams: apt-get install python3';
}

/** Frames a second that were sent and captured, all of them; 0 where one is missing. */
async function completeAt(setting: Setting, rate: number): Promise<number> {
  const file = join(setting.folder, 'frames.pcapng');
  await rm(file, { force: true });
  const capturing = setting.commands.start([LANLAB, 'capture', 'receiver', '-w', file, 'udp'], {});
  let ended = false;
  const early = capturing.ended.then((ran) => {
    if (!ended) throw new OursFailed(`lanlab capture has ended: ${ran.stderr.slice(-300)}`);
  });
  early.catch(() => {});
  try {
    await Promise.race([begun(setting, file), early]);
    const { sent, seconds } = await send(setting, PORT, rate, SECONDS);
    await settled(file);
    ended = true;
    await capturing.end();
    const captured = await framesTo(file, PORT);
    setting.say(`offered ${rate}/s, sent ${sent} in ${seconds.toFixed(2)} s, captured ${captured}`);
    return captured === sent ? Math.round(sent / seconds) : 0;
  } finally {
    ended = true;
    await capturing.end();
  }
}

async function send(setting: Setting, port: number, rate: number, seconds: number) {
  const program = await readFile(new URL('send-udp.py', import.meta.url), 'utf8');
  const argv = ['exec', 'sender', '--', 'python3', '-c', program, ADDRESS, port, rate, seconds].map(String);
  const { stdout } = await lanlab(setting, argv, { limit: LIMIT });
  return JSON.parse(stdout) as { sent: number; seconds: number };
}

/** The capture has begun when a datagram that was sent is in its file. */
async function begun(setting: Setting, file: string): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    await send(setting, FIRST, 10, 0.1);
    if ((await framesTo(file, FIRST)) > 0) return;
  }
  throw new OursFailed('lanlab capture has written no frame');
}

/** What the kernel holds is written by and by: until half a second brings nothing more. */
async function settled(file: string): Promise<void> {
  for (let before = -1, size = 0; before !== size; ) {
    await delay(500);
    before = size;
    size = (await stat(file)).size;
  }
}

async function framesTo(file: string, port: number): Promise<number> {
  if (!(await stat(file).catch(() => undefined))?.size) return 0;
  let frames = 0;
  for await (const batch of readCapture(createReadStream(file))) {
    for (const { bytes } of batch) {
      if ((bytes[DESTINATION_PORT]! << 8) + bytes[DESTINATION_PORT + 1]! === port) frames += 1;
    }
  }
  return frames;
}
