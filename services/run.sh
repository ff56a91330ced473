#!/bin/sh
# Starts a program in its image: `run.sh COMMAND…`. The kernel keeps signals from process 1 of a container until it has
# handlers for them, and Node takes its time: a SIGTERM that came early would be lost, and cost whoever stops the
# container its ten seconds of grace. So there a shell is process 1, listens at once and hands signals on.
[ $$ = 1 ] || exec "$@"
asked=
trap 'asked=yes; [ -z "$program" ] || kill -TERM "$program" 2>/dev/null' TERM INT
"$@" &
program=$!
[ -z "$asked" ] || kill -TERM "$program"
wait "$program"
status=$?
# A signal ends `wait`, not the program.
while kill -0 "$program" 2>/dev/null; do
  wait "$program"
  status=$?
done
exit "$status"
