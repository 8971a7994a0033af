#!/usr/bin/env bash
# run_examples.sh TOOL: runs the blocks of docs/api/examples.md that begin with TOOL and looks for what "#> " says.
set -uo pipefail
cd "$(dirname "$0")/.."
tool=$1
failed=0
ran=0

# check BLOCK: one block with its expectations.
check() {
  local output expected
  output=$(bash -c "$1" 2>&1) || { printf 'FAILED: %s\n%s\n' "$1" "$output"; return 1; }
  while IFS= read -r expected; do
    case $output in
      *"$expected"*) ;;
      *) printf 'FAILED: %s\nexpected %s, found:\n%s\n' "$1" "$expected" "${output:0:2000}"; return 1 ;;
    esac
  done < <(printf '%s\n' "$1" | sed -n 's/^#> //p')
}

block=
inside=no
while IFS= read -r line; do
  if [ "$line" = '```sh' ]; then
    inside=yes block=
  elif [ "$line" = '```' ] && [ $inside = yes ]; then
    inside=no
    case $block in "$tool "*) ran=$((ran + 1)); check "$block" || failed=1 ;; esac
  elif [ $inside = yes ]; then
    block=${block:+$block$'\n'}$line
  fi
done <docs/api/examples.md
echo "$ran examples with $tool"
[ "$ran" -gt 0 ] && exit $failed
exit 1
