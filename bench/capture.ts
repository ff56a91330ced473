/**
 * `npm run bench:capture`: up to what rate a capture stays complete. On netns one host sends small datagrams to another,
 * whose card is captured; for each rate: what was really sent, what was kept, what is said to be missing, and the CPU
 * time that the orchestrator took. `--rates 50000,75000`, `--seconds 3`, `--bytes 64`, `--times 3`.
 */
import { parseArgs } from 'node:util';
import { internals } from '../lab/api/internals.ts';
import { lab } from '../lab/api/lab.ts';
import { Captures } from '../lab/captures/captures.ts';
import { netnsEngine } from '../lab/engines/netns/engine.ts';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '37000,75000,100000' },
    seconds: { type: 'string', default: '3' },
    bytes: { type: 'string', default: '64' },
    times: { type: 'string', default: '3' },
  },
});
const [seconds, bytes, times] = [Number(values.seconds), Number(values.bytes), Number(values.times)];
/** Ethernet's, IP's and UDP's headers. */
const HEADERS = 14 + 20 + 8;

/** Paced by the clock; perl is part of every Debian, and sends three times as fast as Node. Prints the rate it had. */
const SENDER = `
use Socket; use Time::HiRes 'time';
my ($to, $rate, $seconds, $bytes) = @ARGV;
socket(my $socket, AF_INET, SOCK_DGRAM, 0); connect($socket, sockaddr_in(9009, inet_aton($to)));
my ($text, $sent, $all, $begin) = ('x' x $bytes, 0, $rate * $seconds, time);
while ($sent < $all) {
  my $due = int((time - $begin) * $rate) + 1;
  for (; $sent < $due && $sent < $all; $sent++) { send($socket, $text, 0) }
  select(undef, undef, undef, 0.0003);
}
print $sent / (time - $begin);`;

/** Where other programs want the cores too the sender goes first, if it may: the rate is what is given. */
const FIRST = 'if chrt -r 1 true 2>/dev/null; then exec chrt -r 1 "$@"; else exec "$@"; fi';

/** It never reads: its buffer is full at once, and no ICMP error is sent back. */
const EAR = `
use Socket; $SIG{TERM} = sub { exit 0 };
socket(my $socket, AF_INET, SOCK_DGRAM, 0); bind($socket, sockaddr_in(9009, INADDR_ANY)); sleep 600;`;

await using net = await lab(
  {
    lab: 'flood',
    networks: { lan: '10.97.1.0/24' },
    hosts: { from: { networks: { lan: '10.97.1.1' } }, to: { networks: { lan: '10.97.1.2' } } },
  },
  { engine: netnsEngine() },
);
const { hosts } = net[internals];
for (const rate of values.rates.split(',').map(Number))
  for (let time = 0; time < times; time++) await flood(rate);

async function flood(rate: number): Promise<void> {
  const captures = new Captures(hosts, []);
  await captures.watch(['to'], []);
  const ear = run('to', ['perl', '-e', EAR]);
  await run('to', ['sh', '-c', 'until ss -Huln sport = :9009 | grep -q .; do sleep 0.05; done']);
  const ours = process.cpuUsage();
  const sender = ['perl', '-e', SENDER, '10.97.1.2', `${rate}`, `${seconds}`, `${bytes}`];
  const sent = Number(await run('from', ['sh', '-c', FIRST, 'sender', ...sender]));
  const missing = await captures.drain();
  const { user, system } = process.cpuUsage(ours);
  await run('to', ['pkill', '-x', 'perl']);
  await ear;
  const { frames } = await captures.stop();
  const kept = frames.filter((frame) => frame.bytes.length === bytes + HEADERS).length;
  const each = (user + system) / (rate * seconds);
  process.stdout.write(
    `${rate}/s: ${sent.toFixed(0)}/s sent, ${kept} of ${rate * seconds} kept, ${each.toFixed(2)} µs a frame in the orchestrator; ${missing ?? 'complete'}\n`,
  );
}

async function run(host: string, argv: string[]): Promise<string> {
  const { stdout, stderr, exit } = await hosts.get(host)!.agent.exec({ argv, giveUp: 60_000 });
  if (exit !== 0) throw new Error(`${argv.join(' ')}: ${Buffer.from(stderr)}${Buffer.from(stdout)}`);
  return Buffer.from(stdout).toString();
}
