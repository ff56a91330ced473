#!/usr/bin/env bash
# The step of action.yml: installs the package beside the job, runs the scenarios, and writes the job's summary and outputs.
# Its exit code is that of `lanlab run`. It reads INPUT_… and the variables of a GitHub runner.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${RUNNER_TEMP:?}/lanlab
report=${INPUT_REPORT:-lanlab-report.html}
json=$folder/report.json

read -r -d '' -a patterns <<<"$INPUT_SCENARIO" || true
read -r -d '' -a more <<<"${INPUT_ARGS:-}" || true
shopt -s nullglob globstar
files=()
for pattern in "${patterns[@]}"; do
  found=($pattern) # unquoted, so that the shell opens it; nothing else of it is looked at again
  if ((${#found[@]} == 0)) || [[ ! -e ${found[0]} ]]; then
    echo "::error title=lanlab::no file matches \`scenario: ${pattern//%/%25}\`"
    exit 2
  fi
  files+=("${found[@]}")
done
if ((${#files[@]} == 0)); then
  echo '::error title=lanlab::`scenario:` names no file'
  exit 2
fi

# An ordinary user of Ubuntu has namespaces without power until this is off; who may not change it gets Docker instead.
restriction=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
if [[ -e $restriction && $(cat "$restriction") != 0 ]]; then sudo -n sysctl -q -w kernel.apparmor_restrict_unprivileged_userns=0 || true; fi

case $INPUT_VERSION in
*.tgz) package=$(realpath -- "$INPUT_VERSION") ;;
*) package=lanlab@$INPUT_VERSION ;;
esac
mkdir -p "$folder"
npm install --prefix "$folder" --ignore-scripts --no-fund --no-audit --loglevel=error "$package"

rm -f "$json"
status=0
"$folder/node_modules/.bin/lanlab" run ${INPUT_ENGINE:+--engine "$INPUT_ENGINE"} --json "$json" --html "$report" "${more[@]}" -- "${files[@]}" ||
  status=$?

node "$here/summary.mjs" "$json" >>"${GITHUB_STEP_SUMMARY:?}"
if [[ -e $json ]]; then
  { echo "json=$json"; echo "report=$report"; } >>"${GITHUB_OUTPUT:?}"
fi
exit "$status"
