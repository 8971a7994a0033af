#!/usr/bin/env bash
# clients/test.sh BIN: starts BIN/dongxi-server on the sample catalogue and runs every client against it. A client whose
# package manager does not answer is passed over, with a word; one that is installed and fails makes this fail.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=$1
out=$PWD/build/clients
failed=0
ran=0
mkdir -p "$out"

say() { printf '== %s\n' "$*"; }
# Install steps end by themselves: a registry that does not answer must not hold up the rest.
install() { timeout 300 "$@" >"$out/install.log" 2>&1; }
passed_over() { say "$1: NOT RUN, $2"; }
result() { # name, exit code
  ran=$((ran + 1))
  if [ "$2" = 0 ]; then say "$1: ok"; else say "$1: FAILED"; failed=1; fi
}

start_server() {
  data=$out/data
  rm -rf "$data" && mkdir -p "$data"
  "$bin/dongxi-indexer" import --data "$data" data/sample/{institutions,experts,results,evidence,needs}.jsonl >"$out/import.log" || return 1
  "$bin/dongxi-indexer" build --data "$data" >"$out/build.log" || return 1
  "$bin/dongxi-server" --data "$data" --listen 127.0.0.1:0 --http-listen 127.0.0.1:0 2>"$out/server.log" &
  server=$!
  trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true' EXIT
  for _ in $(seq 1 300); do
    port=$(sed -n 's/.*listening on .* port \([0-9]*\),.*/\1/p' "$out/server.log")
    http_port=$(sed -n 's/.*HTTP on .* port \([0-9]*\).*/\1/p' "$out/server.log")
    [ -n "$port" ] && [ -n "$http_port" ] && return 0
    kill -0 "$server" 2>/dev/null || { cat "$out/server.log"; return 1; }
    sleep 0.1
  done
  return 1
}

run_python() {
  python3 -m venv "$out/python" >/dev/null 2>&1 || { passed_over python "no python3 with venv (Debian package python3-venv)"; return; }
  install "$out/python/bin/pip" install -r clients/python/requirements.txt || { passed_over python "the Python package index does not answer"; return; }
  mkdir -p "$out/python/stubs"
  (cd proto && "$out/python/bin/python" -m grpc_tools.protoc -I . --python_out="$out/python/stubs" \
    --grpc_python_out="$out/python/stubs" dongxi/v1/*.proto google/rpc/*.proto $(find google/longrunning -name '*.proto' 2>/dev/null)) || { result python 1; return; }
  PYTHONPATH=$out/python/stubs PYTHONDONTWRITEBYTECODE=1 "$out/python/bin/python" clients/python/example.py
  result python $?
}

run_node() {
  command -v npm >/dev/null || { passed_over node "no npm"; return; }
  mkdir -p "$out/node" && cp clients/node/package.json clients/node/example.js "$out/node/"
  install npm install --prefix "$out/node" --no-audit --no-fund || { passed_over node "the npm registry does not answer"; return; }
  node "$out/node/example.js" proto
  result node $?
}

run_java() {
  command -v mvn >/dev/null || { passed_over java "no mvn (Debian package maven)"; return; }
  install mvn -q -B -f clients/java/pom.xml dependency:resolve dependency:resolve-plugins || { passed_over java "Maven's repository does not answer"; return; }
  mvn -q -B -f clients/java/pom.xml compile exec:java
  result java $?
}

# Every block of docs/api/examples.md is run as it stands; grpcurl for the gRPC ones, curl for the HTTP ones.
run_examples() {
  local tools=$out/go
  command -v curl >/dev/null && { bash clients/run_examples.sh curl; result "examples with curl" $?; } || passed_over "examples with curl" "no curl"
  command -v go >/dev/null || { passed_over "examples with grpcurl" "no go"; return; }
  [ -x "$tools/grpcurl" ] || GOBIN=$tools install go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3 ||
    { passed_over "examples with grpcurl" "the Go module proxy does not answer"; return; }
  PATH=$tools:$PATH bash clients/run_examples.sh grpcurl
  result "examples with grpcurl" $?
}

start_server || { say "the server did not start"; exit 1; }
export DONGXI_ADDRESS=127.0.0.1:$port DONGXI_HTTP=http://127.0.0.1:$http_port
say "server on $DONGXI_ADDRESS, HTTP on $DONGXI_HTTP"
run_python
run_node
run_java
run_examples
say "$ran clients ran"
exit $failed
