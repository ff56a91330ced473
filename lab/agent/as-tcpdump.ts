/**
 * How tcpdump is started. Debian's gives up its rights at the start and becomes another user. Where only one user id is
 * mapped into the namespace, the kernel refuses that (`setgroups`), and tcpdump stops. There we ask it to become the user
 * that it is already, with a seccomp filter that lets `setgroups` do nothing. The filter is set by perl, which is part of
 * every Debian, and holds for this one process.
 */
import { readFileSync } from 'node:fs';

/** System call numbers: prctl and setgroups. */
const CALLS: Record<string, [prctl: number, setgroups: number]> = { x64: [157, 116], arm64: [167, 159] };

/**
 * seccomp(2): load the call's number; where it is setgroups answer 0, else allow. 38 is PR_SET_NO_NEW_PRIVS, 22
 * PR_SET_SECCOMP with mode 2.
 */
const perl = ([prctl, setgroups]: [number, number]) => `
my $op = sub { pack 'S C C L', @_ };
my $code = $op->(0x20, 0, 0, 0) . $op->(0x15, 0, 1, ${setgroups}) . $op->(0x06, 0, 0, 0x00050000) . $op->(0x06, 0, 0, 0x7fff0000);
my $program = pack 'S x6 P', 4, $code;
syscall(${prctl}, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!\\n";
syscall(${prctl}, 22, 2, $program) == 0 or die "seccomp: $!\\n";
exec @ARGV or die "$ARGV[0]: $!\\n";`;

/** Whether one single user id is mapped here, so that no process can become another user. */
export function oneUserOnly(): boolean {
  return setgroups().trim() === 'deny';
}

/** An agent outside the host's process namespace has no `self` there: process 1 of the host stands in for it. */
function setgroups(): string {
  for (const process of ['self', '1']) {
    try {
      return readFileSync(`/proc/${process}/setgroups`, 'utf8');
    } catch {
      // Try the other one.
    }
  }
  return 'allow';
}

export function asTcpdump(args: readonly string[]): string[] {
  const calls = CALLS[process.arch];
  if (!calls || !oneUserOnly()) return ['tcpdump', ...args];
  return ['perl', '-e', perl(calls), 'tcpdump', '-Z', 'root', ...args];
}
