/** The engine `docker`: labs on the Docker Engine that the user's settings name. */
import { connect } from '../containers/connection.ts';
import { SOURCES, type Sources } from '../containers/images.ts';
import { bringUp } from '../containers/lab.ts';
import { probe } from '../containers/probe.ts';
import { sweep } from '../containers/sweep.ts';
import { takenSubnets } from '../containers/taken-subnets.ts';
import { type Engine, ONE_MACHINE } from '../engine.ts';

/** `sources`: folders that the images are built from, where they are not this project's own. */
export function dockerEngine(sources: Sources = SOURCES): Engine & Required<Pick<Engine, 'taken'>> {
  return {
    name: 'docker',
    never: { machines: ONE_MACHINE },
    probe,
    unsupported: () => [],
    up: (plan, options) => bringUp(connect(), plan, sources, options),
    taken: () => takenSubnets(connect()),
    sweep: (ids) => sweep(ids),
  };
}
