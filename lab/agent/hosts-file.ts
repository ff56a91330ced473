/** hosts(5): the names of the lab, as the plan of the host has them (lab/plan/hosts-file.ts). */
import { writeFileSync } from 'node:fs';

/** Written in place: it may be mounted over another file, and programs may have it open. */
export function writeHostsFile(text: string): void {
  writeFileSync('/etc/hosts', text);
}
