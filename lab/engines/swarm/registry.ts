/** A registry that the user names: lanlab puts an image in it once, and every other machine pulls it from there. */
import type Docker from 'dockerode';
import { LabError } from '../../errors.ts';
import { reasonOf } from '../containers/connection.ts';
import { follow } from '../containers/transcript.ts';
import type { UpOptions } from '../engine.ts';
import { interrupted } from '../side-by-side.ts';
import type { Node } from './node.ts';
import { credentialsFor } from './registry-login.ts';

export class Registry {
  /** As the user wrote it: `registry.example:5000`, with a path where images are to stand below one. */
  readonly #place: string;
  readonly #maker: Docker;
  /** By reference: when the registry has it. */
  readonly #put = new Map<string, Promise<void>>();

  constructor(place: string, maker: Docker) {
    this.#place = place;
    this.#maker = maker;
  }

  /** Gives a machine the images, which have their own names there. Throws LabError (`image`). */
  async give(to: Node, references: readonly string[], options: UpOptions): Promise<void> {
    for (const reference of references) {
      await this.#has(reference, options);
      options.progress(`${to.name} pulls ${reference} from ${this.#place}`);
      await this.#told(`${to.name} cannot pull ${reference}`, options.signal, async () => {
        const there = this.#nameOf(reference);
        const pulled = await to.docker.pull(there, { ...(await this.#auth()), abortSignal: options.signal });
        await follow(pulled, () => {});
        await rename(to.docker, there, reference);
      });
    }
  }

  #has(reference: string, options: UpOptions): Promise<void> {
    const there = this.#put.get(reference) ?? this.#give(reference, options);
    this.#put.set(reference, there);
    return there;
  }

  async #give(reference: string, { progress, signal }: UpOptions): Promise<void> {
    progress(`putting ${reference} into ${this.#place}`);
    await this.#told(`${reference} cannot be put there`, signal, async () => {
      const there = this.#nameOf(reference);
      await tag(this.#maker, reference, there);
      const image = this.#maker.getImage(there);
      try {
        const pushed = await image.push({ ...(await this.#auth()), abortSignal: signal });
        await follow(pushed as AsyncIterable<unknown>, () => {});
      } finally {
        await image.remove({ noprune: true });
      }
    });
  }

  /** `python:3.13-slim` is `registry.example:5000/python:3.13-slim` there, and so is an image of another registry. */
  #nameOf(reference: string): string {
    const [first = '', ...rest] = reference.split('/');
    const elsewhere = rest.length > 0 && /[.:]|^localhost$/.test(first);
    return `${this.#place}/${elsewhere ? rest.join('/') : reference}`;
  }

  /** A registry that wants no password gets an empty one, which the engine asks for in any case. */
  async #auth() {
    return {
      authconfig: (await credentialsFor(this.#place)) ?? { username: '', password: '', serveraddress: '' },
    };
  }

  async #told(what: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      if (signal.aborted) throw interrupted();
      const message = `the registry ${this.#place}: ${what}: ${reasonOf(cause)}`;
      const hint = `look whether each machine reaches it (docker pull ${this.#place}/…), and log in with \`docker login ${this.#place}\`; without --registry images are sent straight to the machines`;
      throw new LabError('image', message, { hint, cause });
    }
  }
}

async function rename(docker: Docker, from: string, to: string): Promise<void> {
  await tag(docker, from, to);
  await docker.getImage(from).remove({ noprune: true });
}

async function tag(docker: Docker, from: string, to: string): Promise<void> {
  const colon = to.lastIndexOf(':');
  const named = colon > to.lastIndexOf('/');
  const [repo, version] = named ? [to.slice(0, colon), to.slice(colon + 1)] : [to, 'latest'];
  await docker.getImage(from).tag({ repo, tag: version });
}
