#!/bin/sh
# Runs the benchmarks: ./bench.sh [scenario…] [--quick]. Not a part of CI: its figures mean nothing on a machine that is busy.
set -eu
cd "$(dirname "$0")"
out=artifacts/bench
rid=${BENCH_RID:-linux-x64}
# clang links by default; gcc does as well, where clang is missing.
linker=""
command -v clang >/dev/null 2>&1 || linker="-p:CppCompilerAndLinker=gcc"

if [ "${BENCH_SKIP_PUBLISH:-}" = "" ]; then
  for project in src/Reconciler bench/Probe bench/Hello; do
    # shellcheck disable=SC2086 # empty means no argument
    dotnet publish "$project" -c Release -r "$rid" $linker -o "$out/$(basename "$project")" -v q --nologo
  done
  dotnet build bench/Bench -c Release -v q --nologo
fi

export BENCH_RECONCILER=${BENCH_RECONCILER:-$PWD/$out/Reconciler/reconciler}
export BENCH_PROBE="$PWD/$out/Probe/Probe"
export BENCH_HELLO="$PWD/$out/Hello/hello"
exec dotnet bench/Bench/bin/Release/net10.0/Bench.dll "$@"
