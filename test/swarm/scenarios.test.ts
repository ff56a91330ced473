/** Six scenarios on three machines, each host on another machine than the one before it. */
import { FEW, scenariosHold } from './spread.ts';

scenariosHold(FEW);
