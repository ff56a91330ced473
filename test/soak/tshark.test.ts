/** A hundred thousand whole and spoilt frames, which our decoder and tshark read the same. */
import { besideTshark } from '../wire/beside-tshark.ts';

besideTshark(5);
