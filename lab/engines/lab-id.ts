/** `lan-1f6b03d2`: the lab's name as file and container names may hold it, and a random part of its own for each run. */
import { randomBytes } from 'node:crypto';

export function newLabId(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
  return `${slug || 'lab'}-${randomBytes(4).toString('hex')}`;
}
