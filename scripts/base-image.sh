#!/usr/bin/env bash
# Sees to it that the images have a base to build on, and prints its name, alone, on standard output:
# node:24-bookworm-slim where a registry answers, else a stand-in of Debian packages and the npm package `node`.
#   BASE_IMAGE=$(scripts/base-image.sh) npm test
#   scripts/base-image.sh --stand-in      the stand-in, without asking a registry
# The stand-in holds this machine's mirrors and certificates: it is for this machine, not to be pushed.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022

OFFICIAL=node:24-bookworm-slim
PULL_SECONDS=${PULL_SECONDS:-60}
STAND_IN=lanlab-base:24
SUITE=bookworm
PACKAGES=usr-is-merged,iproute2,nftables,iptables,ethtool,tcpdump,iputils-ping,iputils-arping,socat,dnsmasq-base,udhcpc,ca-certificates
NODE=node_modules/node/bin/node
NPM=npm@11
CERTIFICATES=/etc/ssl/certs/ca-certificates.crt
OWN_CERTIFICATES=/usr/local/share/ca-certificates

say() { printf 'base-image: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }
has() { command -v "$1" >/dev/null; }
image_is_here() { docker image inspect "$1" >/dev/null 2>&1; }

pull_official() {
  local error
  say "asking a registry for $OFFICIAL, for at most $PULL_SECONDS s"
  error=$(timeout "$PULL_SECONDS" docker pull --quiet "$OFFICIAL" 2>&1 >/dev/null) && return
  say "cannot pull it: ${error:-not done within $PULL_SECONDS s (PULL_SECONDS=600 gives it longer)}"
  return 1
}

# This machine's own Debian sources, with the suite of the image.
sources() {
  # shellcheck source=/dev/null
  . /etc/os-release
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Identifier: Packages' |
    awk -v own="$VERSION_CODENAME" -v suite="$SUITE" '
      $1 == "Debian" && ($2 == own || index($2, own "-") == 1) {
        print "deb", $3, suite substr($2, length(own) + 1), "main"
      }' |
    sort -u
}

npmrc() {
  echo "registry=$(npm config get registry --loglevel=error)"
  echo "cafile=$CERTIFICATES"
  printf '%s=false\n' fund audit update-notifier
}

# The certificates that this machine trusts, and that its npm and Node trust besides.
certificates() {
  printf '%s\n' "$CERTIFICATES" "$(npm config get cafile --loglevel=error)" "${NODE_EXTRA_CA_CERTS:-}" | sort -u |
    while read -r file; do [[ ! -f $file ]] || cat "$file"; done
}

# What lies over Debian in the stand-in: Node, npm, and the way to this machine's packages.
overlay() {
  mkdir -p "$1/usr/local/bin" "$1/usr/local/etc" "$1/etc/ssl/certs" "$1/$OWN_CERTIFICATES"
  cp "$NODE" "$1/usr/local/bin/node"
  npm install --loglevel=error --no-fund --no-audit --global --prefix "$1/usr/local" \
    --globalconfig "$(npm config get globalconfig --loglevel=error)" "$NPM" >/dev/null
  rm -rf "$1"/usr/local/lib/node_modules/npm/{docs,man} "$1/usr/local/share/man"
  echo "$npmrc" >"$1/usr/local/etc/npmrc"
  certificates >"$1$CERTIFICATES"
  [[ ! -d $OWN_CERTIFICATES ]] || cp -rL "$OWN_CERTIFICATES/." "$1$OWN_CERTIFICATES"
}

# What the stand-in is made of, as one word: the label that says whether it is up to date.
fingerprint() {
  { cat scripts/base-image.sh; certificates; "$NODE" --version; echo "$sources$npmrc"; } 2>/dev/null |
    sha256sum | cut -c1-16
}

up_to_date() {
  local label
  label=$(docker image inspect --format '{{index .Config.Labels "lanlab.base"}}' "$STAND_IN" 2>/dev/null) || return
  sources=$(sources) npmrc=$(npmrc)
  [[ $label == "$(fingerprint)" ]]
}

# shellcheck disable=SC2016
debian() {
  mmdebstrap --variant=minbase --include="$PACKAGES" \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="sync-in '$work/root' /" \
    --customize-hook='chroot "$1" useradd --create-home --shell /bin/bash node' \
    "$SUITE" "$work/root.tar" "$work/sources.list" >"$work/log" 2>&1 && return
  tail -n 20 "$work/log" >&2
  die "mmdebstrap failed, its last lines are above."
}

make_stand_in() {
  local old
  has apt-get || die "a stand-in can be made on Debian only. Get $OFFICIAL to this machine: docker pull, or docker save and docker load."
  [[ -x $NODE ]] || die "the pinned Node is not here. Run: npm ci"
  ((EUID == 0)) || die "only root can make $STAND_IN. Run: sudo $0 --stand-in"
  if [[ -z $(sources) ]] || ! has mmdebstrap; then apt-get -qq update; fi
  has mmdebstrap || apt-get -qq install -y --no-install-recommends mmdebstrap >/dev/null
  sources=$(sources) npmrc=$(npmrc)
  [[ $sources ]] || die "apt has no source of Debian packages. Add one to /etc/apt/sources.list."
  say "making $STAND_IN: Debian $SUITE, Node $("$NODE" --version), about half a minute"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  overlay "$work/root"
  echo "$sources" >"$work/sources.list"
  debian
  old=$(docker image inspect --format '{{.Id}}' "$STAND_IN" 2>/dev/null) || true
  docker import --change "LABEL lanlab.base=$(fingerprint)" \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'CMD ["node"]' "$work/root.tar" "$STAND_IN" >/dev/null
  [[ -z $old ]] || docker image rm "$old" >/dev/null 2>&1 || true # images built on it may need it still
  say "made $STAND_IN in $SECONDS s"
}

case "$*" in
'' | --stand-in) ;;
*) die "what is \"$*\"? Allowed: no argument, --stand-in." ;;
esac
timeout 10 docker version >/dev/null 2>&1 || die "no Docker Engine answers. Run scripts/docker-engine.sh first."

if [[ -z $* ]] && image_is_here "$OFFICIAL"; then
  base=$OFFICIAL
elif up_to_date; then
  base=$STAND_IN
elif [[ -z $* ]] && pull_official; then
  base=$OFFICIAL
else
  make_stand_in
  base=$STAND_IN
fi
[[ $base == "$STAND_IN" ]] && hint="build with BASE_IMAGE=$STAND_IN" || hint="the images build on it by default"
say "$base is up to date: $hint"
echo "$base"
