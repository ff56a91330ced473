/** The keeper of a node: a container in the node's own network, which joins it to the others and cleans up after us. */
import { setTimeout as pause } from 'node:timers/promises';
import type { BirpcReturn } from 'birpc';
import { openChannel } from '../../agent/channel.ts';
import { patient } from '../../agent/patience.ts';
import { isLost, LabError } from '../../errors.ts';
import { KEEPER, type KeeperCalls, LEASE } from '../../keeper/calls.ts';
import { attach, standardStreams } from '../containers/attach.ts';
import { asked } from '../containers/connection.ts';
import type { Lab } from '../containers/labels.ts';
import type { Node } from './node.ts';

/** Bytes of its standard error that the error of its end shows. */
const LAST_WORDS = 4096;
/** Milliseconds between two beats, and after which a beat without an answer means that the node is gone. */
const EVERY = 2_000;
const GONE_AFTER = 8_000;
/** Milliseconds in which the engine of a keeper that has ended must answer. */
const PING = 3_000;

/** A node, as far as its keeper needs it. */
type Kept = Pick<Node, 'name' | 'docker' | 'socket'>;

export interface Keeper extends AsyncDisposable {
  calls: BirpcReturn<KeeperCalls, object>;
  /** Resolves with the reason when the node is gone before we have ended the keeper; never otherwise. */
  gone: Promise<LabError>;
  /** Asks it whether the node is there: resolves with undefined, or with the reason that it is gone. */
  lost(): Promise<LabError | undefined>;
  /** Closes the ports, and its end is in order from now on. Resolves with false where the node is gone. */
  release(): Promise<boolean>;
}

/** `image`: that of the agent, which the node has. Throws LabError. */
export async function startKeeper(node: Kept, lab: Lab, image: string): Promise<Keeper> {
  const { docker } = node;
  return asked(`start the keeper of ${node.name}`, async () => {
    const container = await docker.createContainer({
      name: `lanlab-${lab.id}.keeper`,
      Image: image,
      Entrypoint: ['node', '/agent/keeper.mjs', lab.id],
      Labels: { [KEEPER]: lab.id },
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      OpenStdin: true,
      StdinOnce: true,
      Healthcheck: { Test: ['NONE'] },
      HostConfig: {
        AutoRemove: true,
        NetworkMode: 'host',
        CapDrop: ['ALL'],
        CapAdd: ['NET_ADMIN'],
        Binds: [`${node.socket}:/var/run/docker.sock`],
        LogConfig: { Type: 'none', Config: {} },
      },
    });
    let words = '';
    const stream = standardStreams(await attach(container, true), {
      stderr: (bytes) => {
        words = (words + bytes.toString('utf8')).slice(-LAST_WORDS);
      },
      ended: () => lost(node, 'its keeper has ended'),
    });
    const calls = openChannel<KeeperCalls, object>(stream, {}, () =>
      lost(node, words.trim() || 'its keeper has ended'),
    );
    await container.start();
    await calls.beat();
    const { gone, stop } = watch(node, calls);
    return {
      calls,
      gone,
      lost: () =>
        Promise.race([
          gone,
          calls.beat().then(
            () => undefined,
            () => gone,
          ),
        ]),
      release: async () => {
        const closed = calls.part().then(
          () => true,
          () => false,
        );
        const there = await Promise.race([closed, gone.then(() => false)]);
        stop();
        return there;
      },
      [Symbol.asyncDispose]: async () => {
        stop();
        const removed = container.wait({ condition: 'removed' }).catch(() => {});
        stream.end();
        await removed;
      },
    };
  });
}

function watch(node: Kept, calls: Keeper['calls']): { gone: Promise<LabError>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<LabError>();
  let heard = Date.now();
  let looked = heard;
  /** Milliseconds for which this process itself stood still, as after Ctrl-Z. */
  let stood = 0;
  let stopped = false;
  const beating = setInterval(() => {
    const gap = Date.now() - looked;
    looked += gap;
    // While it stands still a process hears nobody.
    if (gap > 2 * EVERY) [stood, heard] = [gap, looked];
    void calls.beat().then(
      () => {
        heard = Date.now();
      },
      async (error: Error) => {
        if (stopped) return;
        if (stood + 2 * EVERY > LEASE) return resolve(stoodStill(stood));
        const answers = await isThere(node);
        const silent = lost(node, `its engine does not answer since ${timeOf(heard)}`);
        if (!stopped) resolve(!answers ? silent : isLost(error) ? error : lost(node, error.message));
      },
    );
    if (Date.now() - heard > patient(GONE_AFTER))
      resolve(lost(node, `nothing of it is heard since ${timeOf(heard)}`));
  }, EVERY);
  const stop = () => {
    stopped = true;
    clearInterval(beating);
  };
  void promise.then(stop);
  return { gone: promise, stop };
}

/** Whether its engine answers, though its keeper has ended. */
async function isThere({ docker }: Kept): Promise<boolean> {
  const answered = docker.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, pause(PING, false, { ref: false })]);
}

/** `12:00:03`, in the reader's own time. */
function timeOf(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}

function lost({ name }: Kept, why: string): LabError {
  return new LabError('node', `the node ${name} is gone: ${why}`, {
    hint: `look at its Docker Engine; its own keeper takes the part of the lab there away within a minute`,
  });
}

/** The keepers took the lab away, as they do for a command that is gone. */
function stoodStill(milliseconds: number): LabError {
  const seconds = Math.round(milliseconds / 1000);
  return new LabError(
    'node',
    `the lab is gone: the command was stopped for ${seconds} s, longer than a minute`,
    { hint: 'run it again, and let it run on (`lanlab up` keeps a lab without a command)' },
  );
}
