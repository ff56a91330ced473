/** Frames decoded beside tshark: the same fields from both. */
import { besideTshark } from './beside-tshark.ts';

besideTshark(1);
