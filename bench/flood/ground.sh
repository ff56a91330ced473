#!/bin/sh
# The ground of bench/flood.ts, in a network namespace of its own: a bridge with a VXLAN port, whose other machines are
# addresses behind a cable that nobody reads. Standard input says the remotes, the frames and the turns, a line each time.
set -eu
ip link add lan type bridge
ip address add 10.77.0.1/16 dev lan
ip link add under type veth peer name nobody
for card in lan under nobody; do ip link set "$card" up; done
ip address add 10.8.0.1/24 dev under
ip route add 10.9.0.0/16 via 10.8.0.2 dev under
ip neighbour add 10.8.0.2 lladdr 02:00:00:00:00:02 dev under nud permanent
ip link add port type vxlan id 7 dstport 14789 local 10.8.0.1
ip link set port master lan up
there=0
while read -r remotes frames turns; do
  while [ "$there" -lt "$remotes" ]; do
    echo "fdb append 00:00:00:00:00:00 dev port dst 10.9.$((there / 250)).$((there % 250 + 1))"
    there=$((there + 1))
  done | bridge -batch -
  there=$remotes
  while [ "$turns" -gt 0 ]; do
    echo "$remotes $(python3 "$SENDER" "$frames")"
    turns=$((turns - 1))
  done
done
