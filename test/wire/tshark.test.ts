import { besideTshark } from './beside-tshark.ts';

besideTshark(1);
