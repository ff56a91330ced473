/** A connection from inside a container: a process there dials, and its standard streams are ours. */
import { Duplex, PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { demultiplexer } from '../containers/attach.ts';

const STDERR = 2;
/** A server that has just been started is asked again: so many times, a tenth of a second apart. */
const AGAIN = 100;

/**
 * Copies standard input to a TCP port, and what comes from there to standard output. The end of input is a FIN, and bytes still
 * come back; the peer's FIN is the end of the process. (socat ends a while after either of them.)
 */
const DIAL = `
use IO::Socket::INET;
my ($host, $port, $again) = @ARGV;
my $peer;
for (1 .. $again) {
  $peer = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port) and last;
  select(undef, undef, undef, 0.1);
}
$peer or die "$host:$port: $@\\n";
sub copy {
  my ($from, $to) = @_;
  while (sysread($from, my $bytes, 65536)) {
    for (my $at = 0; $at < length $bytes;) {
      $at += syswrite($to, $bytes, length($bytes) - $at, $at) || exit 1;
    }
  }
}
my $child = fork;
if (!$child) {
  copy(*STDIN, $peer);
  shutdown($peer, 1);
  exit 0;
}
copy($peer, *STDOUT);
kill 'KILL', $child;
`;

/** Bytes to and from a TCP port that the container reaches. The stream breaks with the reason where it is refused. */
export async function dial(container: Docker.Container, address: string, port: number): Promise<Duplex> {
  const exec = await container.exec({
    Cmd: ['perl', '-e', DIAL, address, `${port}`, `${AGAIN}`],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const socket = (await exec.start({ hijack: true, stdin: true })) as unknown as Duplex;
  return streams(socket);
}

function streams(socket: Duplex): Duplex {
  let words = '';
  const output = new PassThrough();
  const take = demultiplexer((channel, bytes) => {
    if (channel === STDERR) words += bytes.toString('utf8');
    else if (!output.write(bytes)) socket.pause();
  });
  output.on('drain', () => socket.resume());
  socket.on('data', take);
  socket.once('end', () => (words === '' ? output.end() : output.destroy(new Error(words.trim()))));
  socket.once('error', (error) => output.destroy(error));
  socket.once('close', () => output.end());
  return Duplex.from({ readable: output, writable: socket });
}
