/** The owner of an address: by the kernels as they are now, and by the plan where no kernel has it. */
import { addressesOf } from '../../model/planned.ts';
import type { Machine } from './machine.ts';
import { unlessUnanswered } from './unanswered.ts';

/** Undefined where no host has it. The kernels of other hosts are asked only where the planned owner has lost it. */
export async function ownerOf(address: string, among: readonly Machine[]): Promise<Machine | undefined> {
  const planned = among.find((one) => isPlanned(one, address));
  if (planned && (await hasNow(planned, address)) !== false) return planned;
  const states = await Promise.all(among.map((one) => hasNow(one, address)));
  return among.find((_, index) => states[index] === true) ?? planned;
}

function isPlanned({ cards }: Machine, address: string): boolean {
  return cards.some((card) => addressesOf(card).includes(address));
}

/** Undefined where the kernel cannot be asked. */
export async function hasNow(machine: Machine, address: string): Promise<boolean | undefined> {
  const live = await unlessUnanswered(machine.interfaces());
  return live?.some(({ addresses }) => addresses.some((one) => one.address === address));
}
