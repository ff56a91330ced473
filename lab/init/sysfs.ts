/** The /sys of new namespaces. In a container it can only be mounted like the container's own: read-only. */
import { MOUNT, makeWritable, mount } from './kernel.ts';

/**
 * Lets namespaces made from here mount a writable /sys. A container's /sys is read-only for good, and then the kernel lets
 * only read-only ones be mounted (mount_namespaces(7), "Restrictions on mount namespaces").
 */
export function allowWritableSysfs(): void {
  unlessRefused(() => makeWritable('/sys'));
}

/** Writable where the kernel allows it. */
export function mountSysfs(): void {
  const mounted = (flags: number) =>
    mount('sysfs', '/sys', 'sysfs', MOUNT.noSetuid | MOUNT.noDevices | flags);
  if (!unlessRefused(() => mounted(0))) mounted(MOUNT.readOnly);
}

function unlessRefused(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return false;
  }
}
