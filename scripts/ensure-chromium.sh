#!/usr/bin/env bash
# Installs Debian's chromium for the browser tests where it is missing and can be installed; never fails.
set -uo pipefail
if command -v chromium >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo '▸ installing chromium for the browser tests (apt-get)' >&2
  apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1
fi
command -v chromium >/dev/null 2>&1 || echo 'chromium could not be installed: the browser tests will be skipped' >&2
exit 0
