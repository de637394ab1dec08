#!/usr/bin/env bash
# Make .venv and install from a lock file: `runtime` is what running needs, `development` adds what testing needs.
#
# Needs Python 3.11 or later and either pip or uv. Every package is a wheel whose hash stands in the lock file.
# PYTHON names the interpreter to use.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  runtime) lock=requirements.lock ;;
  development) lock=requirements-dev.lock ;;
  *) echo "usage: scripts/install.sh runtime|development" >&2; exit 2 ;;
esac

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do
    if suits "$candidate"; then echo "$candidate"; return; fi
  done
  echo "Duewell needs Python 3.11 or later; set PYTHON to it." >&2
  exit 2
}

make_environment() {
  suits .venv/bin/python && return
  # Debian keeps ensurepip in a package of its own: without it, the environment borrows the system's pip.
  "$python" -m venv --clear .venv >/dev/null 2>&1 || "$python" -m venv --clear --without-pip .venv
}

pip_install() {
  if .venv/bin/python -c 'import pip' 2>/dev/null; then
    .venv/bin/python -m pip --disable-pip-version-check install --quiet "$@"
  else
    "$python" -m pip --python .venv/bin/python --disable-pip-version-check install --quiet "$@"
  fi
}

# uv does not read pip's settings. Where only pip has been told of a mirror, pip does the work.
only_pip_has_a_mirror() {
  [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}${UV_CONFIG_FILE:-}" ] &&
    "$python" -m pip config list 2>/dev/null | grep -q "\.index-url="
}

find_uv() {
  if command -v uv; then return; fi
  if [ -x .venv/bin/uv ]; then echo .venv/bin/uv; return; fi
  only_pip_has_a_mirror && return
  local pin
  pin=$(mktemp)
  # The uv block of the lock file: its first line and the hashes that follow it.
  awk '/^[a-z]/ { wanted = /^uv==/ } wanted && !/#/' requirements-dev.lock >"$pin"
  pip_install --require-hashes --no-deps --only-binary :all: -r "$pin" >&2 && echo .venv/bin/uv ||
    echo "uv cannot be had here: pip does it, more slowly." >&2
  rm -f "$pin"
}

install_with_uv() {
  # Compiled at once: many short programs start from this environment, some where nothing may be written.
  local install=("$uv" pip install --quiet --compile-bytecode --python .venv/bin/python)
  # The machine's own certificates, as pip uses them: a firm's network may have an authority of its own.
  # The older name of the setting is for an older uv on the PATH.
  export UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true UV_PYTHON_DOWNLOADS=never
  "${install[@]}" --require-hashes --no-deps --only-binary :all: -r "$lock" &&
    "${install[@]}" --no-deps --no-build-isolation --editable .
}

install_with_pip() {
  pip_install --require-hashes --no-deps --only-binary :all: -r "$lock" &&
    pip_install --no-deps --no-build-isolation --editable .
}

python=$(find_python)
make_environment
uv=$(find_uv)
echo "Installing $lock into .venv with ${uv:-pip} ..." >&2
if [ -n "$uv" ]; then
  install_with_uv || { echo "uv failed: pip tries again." >&2; install_with_pip; }
else
  install_with_pip
fi

# The stamps that the Makefile compares with the lock files; development holds all that runtime does.
touch .venv/.runtime
if [ "$1" = development ]; then touch .venv/.development; fi
