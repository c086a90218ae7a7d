#!/usr/bin/env bash
# Runs a command with a display, a session bus and folders of its own, so that nothing of the
# user's session is seen or touched: tests/e2e/run.sh node tests/e2e/shell.e2e.mjs
set -euo pipefail

if [ "$#" -eq 0 ]; then
  echo "usage: tests/e2e/run.sh COMMAND [ARGUMENT…]" >&2
  exit 2
fi
for needed in dbus-run-session xvfb-run; do
  command -v "$needed" >/dev/null || { echo "run.sh: $needed is not installed" >&2; exit 1; }
done

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home"/{run,data,config,cache}
chmod 700 "$home/run"
export XDG_RUNTIME_DIR="$home/run" XDG_DATA_HOME="$home/data"
export XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache"
# Software drawing, one locale, no accessibility bus: the same pictures on every machine.
export LANG=C.UTF-8 GDK_BACKEND=x11 LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS

# The session has no activatable services: no keychain and no notifications but those of the test.
cat >"$home/session.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$home/run</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF

# The screen is larger than the window: with the pointer beside it, the window is not looked at.
dbus-run-session --config-file="$home/session.conf" -- \
  xvfb-run --auto-servernum --server-args="-screen 0 1600x1000x24 -nolisten tcp" "$@"
