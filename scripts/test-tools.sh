#!/usr/bin/env bash
# What the tests use beside the lab's own tools, on a Debian machine: other people's servers and readers. Idempotent.
#   scripts/test-tools.sh            what the tests use
#   scripts/test-tools.sh --bench    what `npm run bench:labs` measures against, beside Docker
set -euo pipefail

PACKAGES=(aria2 chromium chrony curl docker-registry graphviz ii irssi libxml2-utils ncat nginx-light ngircd ntpsec-ntpdig openbsd-inetd python3 rdate redis-server socat tftp-hpa tmux tshark wget)
BENCH=(bridge-utils mininet python3)

case "$*" in
'') ;;
--bench) PACKAGES=("${BENCH[@]}") ;;
*)
  echo "test-tools: what is \"$*\"? Allowed: no argument, --bench" >&2
  exit 1
  ;;
esac

missing=()
for package in "${PACKAGES[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  echo 'the tools are here'
  exit 0
fi
if ((EUID != 0)); then
  echo "test-tools: only root can install ${missing[*]}; run: sudo $0 $*" >&2
  exit 1
fi

# Installed, not started: the tests start their own.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "installed ${missing[*]}"
