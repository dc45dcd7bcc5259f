#!/usr/bin/env bash
# Builds everything and runs every test, as CI does. Ends with one line: "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")" || exit 2

FOR_BUILD=1 . ./scripts/prerequisites.sh
# Hundreds of processes start here and end soon: instrumenting their code for later, and mapping it twice, costs more than it gives.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0
# Room for short-lived objects takes a sixth off what builds and simulates. Not for what starts the product, which would inherit it.
roomy() { DOTNET_GCgen0size=0x4000000 DOTNET_gcConcurrent=0 "$@"; }

note() { printf '\n== %s\n' "$*"; }

# The rest is not needed by the build, and is fetched and unpacked beside it.
installed=$(mktemp)
FOR_TESTS=1 ./scripts/prerequisites.sh >"$installed" 2>&1 &
installing=$!

# The simulation needs a processor, most of what else is done here needs time: it runs beside the rest and gives way to it.
simulation_log=$(mktemp -d)
complaints=$(mktemp)
simulate() {
  local name=$1
  shift
  local began
  began=$(date +%s)
  if roomy nice -n 19 dotnet "$simulation_log/program/Simulation.dll" "$@" >"$simulation_log/$name" 2>&1; then
    echo "$name: every run was good ($(($(date +%s) - began)) s)" >>"$simulation_log/passed"
  else
    echo "$name" >>"$simulation_log/failed"
  fi
}
sources_number() {
  local hash
  hash=$(find src tests/FlySim tests/StoreModel tests/Simulation -name obj -prune -o -name bin -prune -o \( -name '*.cs' -o -name '*.sql' \) -type f -print0 \
    | LC_ALL=C sort -z | xargs -0 cat | sha256sum)
  echo $((16#${hash:0:12}))
}
: >"$simulation_log/passed"
: >"$simulation_log/failed"
simulate_all() {
  simulate load load & # in virtual time, and in one process: it holds up nobody who could use the other processor
  # These two run long enough for instrumented code to pay: a sixth less for the same. The sweep has one process, as each takes half a
  # minute until its code is fast; the seeds, which last longer, have two, so that both processors are used to the end.
  DOTNET_TieredPGO=1 simulate sweep sweep --shortest 28 --polls 2 --processes 1 --coverage "$simulation_log/sweep.coverage" &
  # Chosen by the sources: every change brings others, and a run can be had again.
  DOTNET_TieredPGO=1 simulate seeds seeds --count 20000 --from "$(sources_number)" --coverage "$simulation_log/seeds.coverage"
  simulate fleet fleet --users 100
  simulate same same --seed 4 --times 1000 --processes 10
  wait
}

stop_here() {
  echo "0 passed, 1 failed"
  exit 1
}

# Building the rest leaves a processor idle half of the time, so the simulation is built first, and runs from a copy that no build touches.
note "build"
dotnet restore Reconciler.sln --locked-mode -v quiet || stop_here
roomy dotnet build tests/Simulation -c Release --no-restore -v quiet --nologo || stop_here
cp -r tests/Simulation/bin/Release/net10.0 "$simulation_log/program"
set -m # a group of processes of its own, which can be ended as one
simulate_all &
simulation=$!
set +m
trap 'kill -- -"$simulation" 2>/dev/null' EXIT
roomy dotnet build Reconciler.sln -c Release --no-restore -v quiet --nologo || stop_here

wait "$installing"
code=$?
cat "$installed"
rm -f "$installed"
[ "$code" -eq 0 ] || stop_here

# A project's numbers go to a file of its own, so that one can run beside the others.
results=$(mktemp -d)
run_project() {
  local how=$1 project=$2 name log started code summary project_failed
  name=$(basename "$project" .csproj)
  log="$results/$name.log"
  started=$(date +%s)
  "$how" dotnet test "$project" -c Release --no-build --nologo >"$log" 2>&1
  code=$?
  summary=$(grep -E '(Passed|Failed)! +- Failed:' "$log" | tail -n 1)
  project_failed=$(sed -nE 's/.*Failed: +([0-9]+).*/\1/p' <<<"$summary")
  if [ "$code" -ne 0 ] && [ "${project_failed:-0}" -eq 0 ]; then
    project_failed=1 # a run that died without a count is a failure of its own
    echo "$name: ended with $code and without a count" >>"$complaints"
  fi
  sed -nE 's/.*Passed: +([0-9]+).*/\1/p' <<<"$summary" >"$results/$name.passed"
  echo "${project_failed:-0}" >"$results/$name.failed"
  printf '\n== %s\n' "$name"
  if [ "$code" -ne 0 ]; then
    cat "$log"
    grep -E '\[FAIL\]' "$log" | sed -E "s/^.*\] +/$name: /" >>"$complaints"
  else
    echo "$summary ($(($(date +%s) - started)) s)"
  fi
}

# The end-to-end tests run on the file as it is deployed, compiled ahead of time, which also starts in a tenth of the time.
published=$PWD/artifacts/tested/reconciler
rm -f "$published"
publish() {
  local linker=()
  command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)
  # Symbols for a debugger are a sixth of the compiler's work, and no part of the file: they are stripped from it.
  dotnet publish src/Reconciler -c Release -r linux-x64 "${linker[@]}" -p:RunAnalyzers=false -p:NativeDebugSymbols=false -o artifacts/tested -v quiet --nologo
}
end_to_end() {
  local began
  began=$(date +%s)
  if publish >"$results/publish.log" 2>&1; then
    echo "published for the end-to-end tests ($(($(date +%s) - began)) s)"
    export RECONCILER_BINARY=$published
  else
    cat "$results/publish.log"
    echo "the published file could not be made" >>"$complaints"
    echo 1 >"$results/publish.failed"
  fi
  : >"$results/publish.ended"
  run_project command tests/EndToEnd.Tests/EndToEnd.Tests.csproj
}

# They wait for their processes most of the time, so they run beside the rest; the rest one after the other, as each starts servers of
# its own and the machine may be small. What starts the product's program is last, when it has been published.
end_to_end &
ends=$!
starters=()
for project in tests/*.Tests/*.csproj; do
  case "$project" in
    */EndToEnd.Tests.csproj) ;;
    */Console.Tests.csproj | */Operations.Tests.csproj) starters+=("$project") ;;
    *) run_project roomy "$project" ;;
  esac
done
until [ -e "$results/publish.ended" ]; do sleep 1; done
if [ -x "$published" ]; then
  export RECONCILER_BINARY=$published
fi
for project in "${starters[@]}"; do run_project command "$project"; done
wait "$ends"
passed=$(cat "$results"/*.passed | awk '{ sum += $1 } END { print sum + 0 }')
failed=$(cat "$results"/*.failed | awk '{ sum += $1 } END { print sum + 0 }')
rm -rf "$results"

# Long and cruel runs on the real parts; each ends with a table of what was claimed.
for run in "soak --duration 60s --users 200" "takeovers --count 500" "kills --count 12"; do
  note "$run"
  started=$(date +%s)
  # shellcheck disable=SC2086 # words, not one argument
  if dotnet tests/Soak/bin/Release/net10.0/Soak.dll $run; then
    echo "${run%% *}: every claim held ($(($(date +%s) - started)) s)"
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$run: a claim does not hold" >>"$complaints"
  fi
done

note "demo"
started=$(date +%s)
if ALREADY_BUILT=1 ./demo.sh; then # the publish above has made the next build think that much is out of date
  echo "demo: every claim held ($(($(date +%s) - started)) s)"
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "demo: a claim does not hold" >>"$complaints"
fi

note "simulation"
wait "$simulation"
simulate coverage coverage "$simulation_log/sweep.coverage" "$simulation_log/seeds.coverage"
for name in same sweep seeds fleet load coverage; do
  tail -n 60 "$simulation_log/$name"
done
passed=$((passed + $(wc -l <"$simulation_log/passed")))
failed=$((failed + $(wc -l <"$simulation_log/failed")))
cat "$simulation_log/passed"
sed 's/^/simulation: /' "$simulation_log/failed" >>"$complaints"
grep -h -A1 '^ *FAILED' "$simulation_log"/{same,sweep,seeds,fleet,load} | head -n 20 >>"$complaints"
rm -rf "$simulation_log"

if [ -s "$complaints" ]; then
  note "what failed"
  cat "$complaints"
fi

rm -f "$complaints"
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
