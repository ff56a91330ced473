#!/usr/bin/env bash
# Gives one machine several Docker Engines, each in a network namespace of its own, joined to one Swarm: a place to try
# labs over several machines.
#   scripts/swarm-nodes.sh up [NODES]   start them (3 by default, 9 at most), and say how they are reached
#   scripts/swarm-nodes.sh down         end them, and remove all that they have
#   scripts/swarm-nodes.sh kill NODE    end the engine of a node as a crash does
#   scripts/swarm-nodes.sh start NODE   start it again
# The nodes are a, b, c…; their addresses are 10.231.0.1, 10.231.0.2…, on a bridge that is in a namespace of its own.
# (On a bridge of the machine, its Docker Engine would drop what they send to each other.)
set -euo pipefail

RUN=/run/lanlab-swarm        # sockets, pid files
DATA=/var/lib/lanlab-swarm   # images, containers
LOG=/var/log/lanlab-swarm
SWITCH=lanlab-swarm
SUBNET=10.231.0
LETTERS=(a b c d e f g h i)

say() { printf 'swarm-nodes: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

socket() { echo "$RUN/$1/docker.sock"; }
on() { local node=$1; shift; docker -H "unix://$(socket "$node")" "$@"; }

# Prints the pid of the node's engine, if it runs: a pid alone may be another program's by now.
engine_of() {
  local pid
  pid=$(cat "$RUN/$1/docker.pid" 2>/dev/null) && [[ $pid ]] || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "--pidfile=$RUN/$1/docker.pid" && echo "$pid"
}

# Prints the pids of those that hold the node's containers: the ones of an engine that was killed outlive it.
shims_of() {
  local file words
  for file in /proc/[0-9]*/cmdline; do
    words=$(tr '\0' ' ' 2>/dev/null <"$file") || continue
    [[ $words != *containerd-shim*" -namespace lanlab-$1 "* ]] || basename "$(dirname "$file")"
  done
}

nodes_that_are_there() { [[ -d $DATA ]] && ls "$DATA" || true; }

make_switch() {
  ip netns add "$SWITCH"
  ip -n "$SWITCH" link add bridge type bridge
  ip -n "$SWITCH" link set bridge up
}

# A namespace, and a cable from it to the bridge.
make_node() {
  local node=$1 number=$2
  ip netns add "lanlab-node-$node"
  ip -n "$SWITCH" link add "to-$node" type veth peer name eth0 netns "lanlab-node-$node"
  ip -n "$SWITCH" link set "to-$node" master bridge up
  ip -n "lanlab-node-$node" address add "$SUBNET.$number/24" dev eth0
  ip -n "lanlab-node-$node" link set lo up
  ip -n "lanlab-node-$node" link set eth0 up
}

# Closes the files that its caller has open, as a lock that is held only while the script runs.
without_files() {
  local file
  for file in /proc/self/fd/*; do
    file=${file##*/}
    ((file < 3)) || exec {file}>&-
  done
  exec "$@"
}

# `ip netns exec` gives it a mount namespace and a /sys of its network. There it gets a /run of its own, so that it has
# /run/docker.sock as every engine has, and the cgroups of the machine.
start_engine() {
  local node=$1 cgroups run
  mkdir -p "$RUN/$node" "$DATA/$node" "$LOG"
  cgroups=$(mktemp -d /tmp/lanlab-swarm-cgroups.XXXXXX)
  run=$(mktemp -d /tmp/lanlab-swarm-run.XXXXXX)
  mount --rbind /sys/fs/cgroup "$cgroups"
  # shellcheck disable=SC2016
  without_files setsid ip netns exec "lanlab-node-$node" unshare --uts sh -c '
    cgroups=$1 run=$2 shared=$3 node=$4; shift 4
    hostname "$node" && mount --rbind "$cgroups" /sys/fs/cgroup &&
    mount -t tmpfs tmpfs "$run" && mkdir -p "$run$(echo "$shared" | sed s:^/run::)" &&
    mount --bind "$shared" "$run$(echo "$shared" | sed s:^/run::)" && mount --rbind "$run" /run || exit 1
    exec "$@"' sh "$cgroups" "$run" "$RUN" "$node" dockerd \
    --pidfile="$RUN/$node/docker.pid" --host="unix://$(socket "$node")" --host=unix:///run/docker.sock \
    --data-root="$DATA/$node" --exec-root="$RUN/$node/exec" --insecure-registry "$SUBNET.0/24" \
    --containerd-namespace="lanlab-$node" --containerd-plugins-namespace="lanlab-$node-plugins" \
    >"$LOG/$node.log" 2>&1 </dev/null &
  wait_for "$node" $!
  umount -l "$cgroups"
  rmdir "$cgroups" "$run"
}

wait_for() {
  local node=$1 starting=$2 deadline=$((SECONDS + 90))
  until on "$node" version >/dev/null 2>&1; do
    if [[ ! -e /proc/$starting ]] || ((SECONDS > deadline)); then
      tail -n 15 "$LOG/$node.log" >&2 || true
      die "the engine of node $node did not come up, its last lines are above."
    fi
    sleep 0.2
  done
}

up() {
  local count=${1:-3} node token number=0
  [[ $count =~ ^[2-9]$ ]] || die "how many nodes is \"$count\"? Allowed: 2 to 9."
  ((EUID == 0)) || die "only root can start engines. Run: sudo $0 up"
  command -v dockerd >/dev/null || die "there is no dockerd. Run scripts/docker-engine.sh first."
  [[ -z $(nodes_that_are_there) ]] || die "there are nodes already ($(nodes_that_are_there | xargs)). End them first: $0 down"
  trap 'down' ERR
  make_switch
  for node in "${LETTERS[@]:0:count}"; do
    make_node "$node" $((++number))
    start_engine "$node"
    say "node $node answers ($SUBNET.$number)"
  done
  on a swarm init --advertise-addr "$SUBNET.1" >/dev/null
  token=$(on a swarm join-token -q worker)
  for node in "${LETTERS[@]:1:count-1}"; do
    on "$node" swarm join --token "$token" "$SUBNET.1:2377" >/dev/null
  done
  say "the manager is node a: export DOCKER_HOST=unix://$(socket a)"
}

down() {
  local node pid
  trap - ERR
  for node in $(nodes_that_are_there); do
    pid=$(engine_of "$node") && kill "$pid" || true
  done
  for node in $(nodes_that_are_there); do
    for _ in {1..300}; do engine_of "$node" >/dev/null || break; sleep 0.1; done
    ! engine_of "$node" >/dev/null || die "the engine of node $node has not ended 30 s after SIGTERM."
    for pid in $(shims_of "$node"); do kill -9 "$pid" || true; done
    ip netns delete "lanlab-node-$node" 2>/dev/null || true
    rm -rf "${DATA:?}/$node" "${RUN:?}/$node"
  done
  ip netns delete "$SWITCH" 2>/dev/null || true
  rm -rf "$DATA" "$RUN" "$LOG"
}

# Its containers stay, as they do when an engine crashes.
kill_node() {
  local pid
  pid=$(engine_of "${1:-}") || die "no engine of a node \"${1:-}\" runs. Nodes: $(nodes_that_are_there | xargs)"
  kill -9 "$pid"
  while engine_of "$1" >/dev/null; do sleep 0.1; done
}

start_node() {
  [[ ${1:-} && -d $DATA/$1 ]] || die "there is no node \"${1:-}\". Nodes: $(nodes_that_are_there | xargs)"
  ! engine_of "$1" >/dev/null || die "the engine of node $1 runs already."
  rm -f "$RUN/$1/docker.pid"
  start_engine "$1"
  say "node $1 answers"
}

case "${1:-}" in
up) up "${@:2}" ;;
down) down ;;
kill) kill_node "${2:-}" ;;
start) start_node "${2:-}" ;;
*) die "what is \"$*\"? Allowed: up [NODES], down, kill NODE, start NODE." ;;
esac
