/** The vocabulary: a row for each word a scenario may use. A word is one file in steps/ or expectations/. */
import type { ExpectationKind } from './expectations/expectation.ts';
import { fails } from './expectations/fails.ts';
import { fields } from './expectations/fields.ts';
import { receive } from './expectations/receive.ts';
import { seen } from './expectations/seen.ts';
import type { Vocabulary } from './scenario/vocabulary.ts';
import { chat } from './steps/chat.ts';
import { download } from './steps/download.ts';
import { exec } from './steps/exec.ts';
import { listen } from './steps/listen.ts';
import { ntp } from './steps/ntp.ts';
import { ping } from './steps/ping.ts';
import type { StepKind } from './steps/step.ts';
import { tcp } from './steps/tcp.ts';
import { time } from './steps/time.ts';
import { udp } from './steps/udp.ts';

/** What a host can be made to do. */
export const steps: readonly StepKind[] = [tcp, udp, listen, time, ntp, download, chat, ping, exec];

/** What can be asked of it. */
export const expectations: readonly ExpectationKind[] = [receive, fails, seen, fields];

/**
 * The same as the loader sees it: words and their schemas, nothing that runs. Each word's own argument type is
 * lost in a table: only its own schema ever makes what it is handed.
 */
export const vocabulary = { steps, expectations } as unknown as Vocabulary;
