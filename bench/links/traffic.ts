/** Programs of the hosts. Perl is part of every Debian, and sends three times as fast as Node. */

/** Numbered datagrams at a rate; prints the rate that it had. */
export const SENDER = `
use Socket; use Time::HiRes 'time';
my ($to, $port, $rate, $all, $bytes) = @ARGV;
socket(my $socket, AF_INET, SOCK_DGRAM, 0); connect($socket, sockaddr_in($port, inet_aton($to)));
my ($rest, $sent, $begin) = ('x' x ($bytes - 4), 0, time);
while ($sent < $all) {
  my $due = int((time - $begin) * $rate) + 1;
  while ($sent < $due && $sent < $all) { send($socket, pack('N', ++$sent) . $rest, 0) }
  select(undef, undef, undef, 0.0002);
}
print $sent / (time - $begin);`;

/** Bytes by TCP for so many seconds. */
export const PUSHER = `
use Socket; use Time::HiRes 'time'; $SIG{PIPE} = 'IGNORE';
my ($to, $port, $seconds) = @ARGV;
socket(my $socket, AF_INET, SOCK_STREAM, 0); connect($socket, sockaddr_in($port, inet_aton($to))) or die $!;
my ($end, $text) = (time + $seconds, 'x' x 65536);
while (time < $end) { syswrite($socket, $text) or last }`;

/**
 * Takes one connection after the other, forever, and writes a line for each: the bytes that came behind its first second,
 * and the seconds from then on to the last byte.
 */
export const PULLER = `
use Socket; use Time::HiRes 'time'; $| = 1;
my ($port, $file) = @ARGV;
socket(my $ear, AF_INET, SOCK_STREAM, 0); setsockopt($ear, SOL_SOCKET, SO_REUSEADDR, 1);
bind($ear, sockaddr_in($port, INADDR_ANY)); listen($ear, 8);
while (accept(my $peer, $ear)) {
  my ($begin, $bytes, $last) = (0, 0, 0);
  while (sysread($peer, my $text, 1 << 20)) {
    my $now = time;
    $begin ||= $now + 1;
    $bytes += length $text, $last = $now if $now >= $begin;
  }
  open(my $out, '>', "$file.new"); print $out "$bytes " . ($last - $begin); close $out; rename "$file.new", $file;
}`;

/** It never reads: its buffer is full at once, and no ICMP error is sent back. */
export const EAR = `
use Socket;
my @ears = map { socket(my $ear, AF_INET, SOCK_DGRAM, 0); bind($ear, sockaddr_in($_, INADDR_ANY)); $ear } @ARGV;
sleep 1000000;`;

/** Where other programs want the cores too whoever sends goes first, if it may: the rate is what is given. */
export const FIRST = 'if chrt -r 1 true 2>/dev/null; then exec chrt -r 1 "$@"; else exec "$@"; fi';
