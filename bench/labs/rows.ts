/** The rows of the bench, in the order in which they run: what Docker must be stopped for first. */
import { capture } from './capture.ts';
import { hostsDocker } from './hosts-docker.ts';
import { hostsNetns } from './hosts-netns.ts';
import { goodputMachines, hostsMachines, roundTripMachines } from './machines.ts';
import { memory } from './memory.ts';
import { completion, help, validate, version } from './own-commands.ts';
import type { Row } from './row.ts';
import { start } from './start.ts';
import { thousandHosts } from './thousand-hosts.ts';
import { tourDocker } from './tour-docker.ts';

export const ROWS: readonly Row[] = [
  hostsNetns,
  thousandHosts,
  memory,
  start,
  version,
  help,
  completion,
  validate,
  capture,
  hostsDocker,
  tourDocker,
  hostsMachines,
  goodputMachines,
  roundTripMachines,
];
