#!/bin/sh
# Shows the whole story live: PostgreSQL, a simulated Fly and the real daemon. Exit code 0 only if every claim holds.
#   ./demo.sh          about a minute after the first build
#   ./demo.sh --keep   leaves everything running afterwards, until Ctrl-C, and prints how to look around
set -eu
cd "$(dirname "$0")"

case "${1-}" in
  "" | --keep) ;;
  *)
    echo "usage: ./demo.sh [--keep]" >&2
    exit 2
    ;;
esac

. scripts/prerequisites.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ -z "${ALREADY_BUILT-}" ]; then
  echo "Building …"
  if ! built=$(dotnet build tests/Demo/Demo.csproj -c Release -v q --nologo 2>&1); then
    echo "$built" >&2
    exit 1
  fi
fi

# exec: signals reach the program itself, which cleans up.
exec dotnet tests/Demo/bin/Release/net10.0/Demo.dll \
  --reconciler "${RECONCILER_BINARY:-src/Reconciler/bin/Release/net10.0/reconciler.dll}" "$@"
