#!/usr/bin/env bash
# A second opinion on the load figures: ghz (installed with go) and dongxi-bench put the same call to one server on the sample, one after the
# other. Called by ./run ghz. Arguments: the folder of the programs, seconds a stage, callers.
set -euo pipefail
bin=$1 seconds=${2:-10} callers=${3:-16}
tools=build/ghz
command -v go >/dev/null || { echo "ghz: NOT RUN, there is no go"; exit 0; }
[ -x "$tools/ghz" ] || GOBIN=$PWD/$tools go install github.com/bojand/ghz/cmd/ghz@v0.120.0 ||
  { echo "ghz: NOT RUN, the Go module proxy does not answer"; exit 0; }
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
address=127.0.0.1:$((20000 + RANDOM % 20000))
"$bin/dongxi-indexer" import --data "$work/data" data/sample/{institutions,experts,results,evidence,needs}.jsonl >/dev/null 2>&1
"$bin/dongxi-indexer" build --data "$work/data" >/dev/null 2>&1
"$bin/dongxi-server" --data "$work/data" --listen "$address" 2>"$work/log" &
server=$!
for _ in $(seq 1 150); do
  if "$bin/dongxi" search --server "$address" --text 盐湖 --top 1 >/dev/null 2>&1; then break; fi
  sleep 0.2
done
# The same need for both.
title='高镁锂比老卤直接提锂' text='希望引进吸附法提锂工艺，锂总收率不低于85%，吸附剂年溶损不超过3%，适应海拔2800米。'
request="{\"need\":{\"title\":\"$title\",\"description\":\"$text\"}}"
printf '{"id":"q","title":"%s","text":"%s"}\n' "$title" "$text" >"$work/q.jsonl"
echo "== ghz, Match, $callers callers, $seconds s"
"$tools/ghz" --insecure --call dongxi.v1.MatchService/Match -d "$request" -c "$callers" -z "${seconds}s" --duration-stop wait "$address" |
  grep -E "Count|Average|Requests/sec|50 %|99 %|\[OK\]|\[[A-Z]"
echo "== ghz, GetServerStatus, $callers callers, $seconds s"
"$tools/ghz" --insecure --call dongxi.v1.HealthService/GetServerStatus -d '{}' -c "$callers" -z "${seconds}s" --duration-stop wait "$address" |
  grep -E "Count|Average|Requests/sec|50 %|99 %|\[OK\]|\[[A-Z]"
echo "== dongxi-bench latency, the same server, need and callers"
"$bin/dongxi-bench" latency --server "$address" --queries "$work/q.jsonl" --callers "$callers"
