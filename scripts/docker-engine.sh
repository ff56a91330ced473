#!/usr/bin/env bash
# Gives a Debian machine a Docker Engine, and the network tools that labs on bare namespaces use, and starts it.
#   scripts/docker-engine.sh          install what is missing, start the engine, wait until it answers
#   scripts/docker-engine.sh --stop   end the engine that this script started
# Does nothing where an engine answers and the tools are there.
set -euo pipefail

TOOLS=(iproute2 nftables ethtool tcpdump iputils-ping socat dnsmasq-base udhcpc uidmap util-linux)
ENGINE=(docker.io docker-cli docker-compose docker-buildx)
SUITE=trixie # Debian 12's own engine is 20.10 without the compose plugin; 13's needs nothing that 12 has not
SUITE_SOURCE=/etc/apt/sources.list.d/lanlab-engine.list
SUITE_PIN=/etc/apt/preferences.d/lanlab-engine
PIDFILE=/run/lanlab-dockerd.pid
LOG=/var/log/lanlab-dockerd.log
POLICY=/usr/sbin/policy-rc.d

say() { printf 'docker-engine: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }
has() { command -v "$1" >/dev/null; }
systemd_runs() { [[ -d /run/systemd/system ]]; }
answers() { timeout 5 docker version --format '{{.Server.Version}}' 2>/dev/null; }

# Prints the pid of the dockerd that this script started, if it runs. A pid alone may be another program's
# by now, so the command line must name our pid file.
ours() {
  local pid
  pid=$(cat "$PIDFILE" 2>/dev/null) && [[ $pid ]] || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "dockerd --pidfile=$PIDFILE" && echo "$pid"
}

stop() {
  local pid
  pid=$(ours) || { say "no engine that this script started is running"; return; }
  kill "$pid"
  for _ in {1..300}; do
    [[ -e /proc/$pid ]] || { say "stopped (pid $pid)"; return; }
    sleep 0.1
  done
  die "the engine (pid $pid) has not ended 30 s after SIGTERM. Remove its containers (docker ps -aq), then try again."
}

missing() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

apt_get() {
  local output
  output=$(DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" 2>&1) && return
  tail -n 20 <<<"$output" >&2
  say "apt-get $1 failed, its last lines are above. Fix that, then run this script again."
  return 1
}

install() {
  local wanted
  mapfile -t wanted < <(missing "$@")
  ((${#wanted[@]})) || return 0
  say "installing ${wanted[*]}"
  apt_get install -y --no-install-recommends "${wanted[@]}"
}

# Without systemd, the package's own start-up script would start an engine that is not ours to stop.
hold_services() {
  systemd_runs || [[ -e $POLICY ]] && return
  printf '#!/bin/sh\nexit 101\n' >"$POLICY"
  chmod +x "$POLICY"
  trap 'rm -f "$POLICY"' EXIT
}

# Lets apt take the engine's packages, and no others, from the newer suite of this machine's own Debian mirror.
add_suite() {
  local mirror
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(CODENAME) $(REPO_URI)' 'Identifier: Packages' |
    awk -v codename="$VERSION_CODENAME" '$1 == "Debian" && $2 == "Debian" && $3 == codename { print $4; exit }')
  [[ $mirror ]] || die "apt has no source of Debian $VERSION_CODENAME. Add one to /etc/apt/sources.list, then run this script again."
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $SUITE main" >"$SUITE_SOURCE"
  cat >"$SUITE_PIN" <<PIN
Package: *
Pin: release n=$SUITE
Pin-Priority: 100

Package: ${ENGINE[*]}
Pin: release n=$SUITE
Pin-Priority: 700
PIN
  apt_get update || { rm -f "$SUITE_SOURCE" "$SUITE_PIN"; exit 1; }
}

install_engine() {
  ! has dockerd || return 0
  # shellcheck source=/dev/null
  . /etc/os-release
  [[ $ID == debian ]] || die "no engine answers, and this is ${PRETTY_NAME:-not Debian}. Install Docker Engine the way its makers describe for it, then run this script again."
  ((${VERSION_ID:-99} >= 12)) || die "$PRETTY_NAME is too old for this engine. Use Debian 12 or newer."
  [[ ${VERSION_ID:-} != 12 ]] || add_suite
  install "${ENGINE[@]}"
}

start_engine() {
  if systemd_runs; then
    systemctl start docker || die "systemd could not start it. Why: systemctl status docker"
    return
  fi
  starting=$(ours) && return
  rm -f "$PIDFILE" # left by a machine that went down
  setsid dockerd --pidfile="$PIDFILE" >"$LOG" 2>&1 </dev/null 9>&- &
  starting=$!
}

wait_for_engine() {
  local deadline=$((SECONDS + 60))
  until version=$(answers); do
    if [[ ${starting:-} && ! -e /proc/$starting ]] || ((SECONDS > deadline)); then
      tail -n 15 "$LOG" >&2 || true
      die "the engine did not come up, its last lines are above."
    fi
    sleep 0.2
  done
}

case "$*" in
'') ;;
--stop) stop; exit ;;
*) die "what is \"$*\"? Allowed: no argument (install and start), --stop." ;;
esac

version=$(answers) || true
tools=$(has dpkg-query && missing "${TOOLS[@]}" | xargs) || true
if [[ $version ]] && [[ -z $tools || $EUID != 0 ]]; then
  say "engine $version answers${tools:+. Labs on bare namespaces also want $tools: run this script as root for them}"
  exit
fi
[[ $version || -z ${DOCKER_HOST:-} ]] || die "no engine answers at DOCKER_HOST=$DOCKER_HOST. Start that one, or unset DOCKER_HOST."
has apt-get || die "no engine answers, and this script knows only Debian. Install Docker Engine the way its makers describe for this machine, and start it."
((EUID == 0)) || die "no engine answers, and only root can install and start one. Run: sudo $0"
exec 9>/run/lanlab-docker-engine.lock
flock 9 # another run of this script may be at it

hold_services
[[ -z $(missing "${TOOLS[@]}" "${ENGINE[@]}") ]] || apt_get update
install "${TOOLS[@]}"
if [[ -z $version ]]; then
  install_engine
  start_engine
  wait_for_engine
fi
say "engine $version answers"
