#!/bin/sh
# Makes sure that the .NET 10 SDK and PostgreSQL's server programs are here, and installs what is missing through the package manager.
# With FOR_TESTS=1 also what only the tests need: Prometheus, Chromium and a linker. With FOR_BUILD=1 the SDK alone.
# To be sourced (it may extend PATH) from a script at the repository's root: . scripts/prerequisites.sh

need_dotnet() {
  for folder in "" "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
    dotnet="${folder:+$folder/}dotnet"
    if "$dotnet" --list-sdks 2>/dev/null | grep -q '^10\.'; then
      if [ -n "$folder" ]; then
        export DOTNET_ROOT="$folder" PATH="$folder:$PATH"
      fi
      return 1
    fi
  done
}

# The server's programs, not only the client's: both must come from one folder.
need_postgres() {
  [ "${FOR_BUILD:-}" = 1 ] && return 1
  for folder in $(echo "$PATH" | tr ':' ' ') /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      return 1
    fi
  done
}

# promtool comes in the same package.
need_prometheus() {
  [ "${FOR_TESTS:-}" = 1 ] && { ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null; }
}

# For the console's browser tests.
need_chromium() {
  [ "${FOR_TESTS:-}" = 1 ] && [ ! -x /usr/bin/chromium ]
}

# Links the published file that the end-to-end tests run on.
need_linker() {
  [ "${FOR_TESTS:-}" = 1 ] && { { ! command -v clang >/dev/null && ! command -v gcc >/dev/null; } || [ ! -e /usr/include/zlib.h ]; }
}

give_up() {
  echo "$1" >&2
  echo "Install by hand what is missing and start again:" >&2
  echo "  .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  echo "  PostgreSQL:  the package 'postgresql' of your system (initdb and pg_ctl are needed; no server has to run)" >&2
  echo "  Prometheus:  the package 'prometheus' of your system (prometheus and promtool are needed; no server has to run)" >&2
  exit 3
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt_install() {
  echo "Installing $* …" >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2 || give_up "apt-get could not install $*."
}

# Ubuntu has the SDK in its own archive; Debian gets it from Microsoft's.
add_dotnet_source() {
  if apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
    return
  fi
  release=$(. /etc/os-release && echo "$ID/$VERSION_ID")
  apt_install ca-certificates wget
  package=$(mktemp --suffix=.deb)
  wget -q "https://packages.microsoft.com/config/$release/packages-microsoft-prod.deb" -O "$package" \
    || give_up "There is no package source with the .NET 10 SDK for $release, or packages.microsoft.com cannot be reached."
  as_root dpkg -i "$package" >&2 || give_up "Microsoft's package source could not be added."
  rm -f "$package"
  as_root apt-get update -q >&2
}

missing=""
if need_dotnet; then missing="$missing dotnet-sdk-10.0"; fi
if need_postgres; then missing="$missing postgresql"; fi
if need_prometheus; then missing="$missing prometheus"; fi
if need_chromium; then missing="$missing chromium fonts-dejavu-core"; fi
if need_linker; then missing="$missing gcc libc6-dev zlib1g-dev"; fi

if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null; then
    give_up "Missing:$missing. This system has no apt-get, so they cannot be installed from here."
  fi
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    give_up "Missing:$missing. Installing needs root, and there is no sudo."
  fi
  as_root apt-get update -q >&2 || give_up "apt-get update failed."
  case "$missing" in *dotnet*) add_dotnet_source ;; esac
  # shellcheck disable=SC2086 # two words are two packages
  apt_install $missing
  if need_dotnet || need_postgres || need_prometheus || need_chromium; then
    give_up "Installed$missing, and they are still not to be found."
  fi
fi
