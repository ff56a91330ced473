/** The name and the password for a registry that `docker login` has noted (`config.json`, key `auths`). */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Credentials {
  username: string;
  password: string;
  serveraddress: string;
}

/** Undefined where none are noted. A helper that keeps passwords elsewhere (`credsStore`) is not asked. */
export async function credentialsFor(place: string): Promise<Credentials | undefined> {
  const [serveraddress = place] = place.split('/');
  const folder = process.env.DOCKER_CONFIG || join(homedir(), '.docker');
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}');
  const { auths } = JSON.parse(text) as { auths?: Record<string, { auth?: string }> };
  const noted = auths?.[serveraddress]?.auth;
  if (noted === undefined) return undefined;
  const [username = '', ...password] = Buffer.from(noted, 'base64').toString().split(':');
  return { username, password: password.join(':'), serveraddress };
}
