/** The certificates of one lab: they are made when the first host comes up that needs one, and stay the same until the lab ends. */
import type { PlannedFile, PlannedHost } from '../model/planned.ts';
import type { Authority } from './authority.ts';

export class Certificates {
  readonly #lab: string;
  #authority: Promise<Authority> | undefined;
  readonly #issued = new Map<string, ReturnType<Authority['issue']>>();

  constructor(lab: string) {
    this.#lab = lab;
  }

  /** The same hosts, with the content of the files that a plan cannot hold: keys are made where the lab comes up. */
  async fill(hosts: readonly PlannedHost[]): Promise<PlannedHost[]> {
    return Promise.all(
      hosts.map(async (host) => {
        if (!host.files.some(({ made }) => made)) return host;
        const authority = await this.#made();
        return { ...host, files: host.files.map((file) => this.#filled(file, host, authority)) };
      }),
    );
  }

  /** Loaded where it is needed: most labs have no certificate. */
  #made(): Promise<Authority> {
    this.#authority ??= import('./authority.ts').then(({ newAuthority }) => newAuthority(this.#lab));
    return this.#authority;
  }

  #filled(file: PlannedFile, host: PlannedHost, authority: Authority): PlannedFile {
    if (!file.made) return file;
    const text = file.made === 'ca' ? authority.certificate : this.#of(host, authority)[file.made];
    return { ...file, content: { text } };
  }

  /** A program that starts again has the same one, also where its host stands on another network. */
  #of({ tls }: PlannedHost, authority: Authority): ReturnType<Authority['issue']> {
    const key = JSON.stringify(tls);
    const issued = this.#issued.get(key) ?? authority.issue(tls!);
    this.#issued.set(key, issued);
    return issued;
  }
}
