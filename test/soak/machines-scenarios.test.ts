/** The other scenarios on the three machines of scripts/swarm-nodes.sh, each host on another machine than the one before it. */
import { OTHERS, scenariosHold } from '../swarm/spread.ts';

scenariosHold(OTHERS);
