/** Commands on labs that stay, on Docker too: a shell, captures, logs and `run --keep`. */
import '../cli/capture.test.ts';
import '../cli/keep.test.ts';
import '../cli/logs.test.ts';
import '../cli/shell.test.ts';
