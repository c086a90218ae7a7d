"""A notification service for tests, on the private session bus of tests/e2e/run.sh.

Prints one JSON line per notification. Reads lines from standard input: `click ID` answers a
notification as if its body had been clicked, `close ID` as if it had gone away.
Run it with the system's Python, which has the D-Bus bindings: /usr/bin/python3.
"""

import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
REASON_DISMISSED = 2


def say(**line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


class Notifications(dbus.service.Object):
    """The part of the desktop notification interface that programs call."""

    def __init__(self, bus):
        self.bus_name = dbus.service.BusName(NAME, bus)
        super().__init__(self.bus_name, PATH)
        self.last = 0

    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, summary, body, actions, hints, timeout):
        if replaces:
            number = int(replaces)
        else:
            self.last += 1
            number = self.last
        say(
            event="notify",
            id=number,
            app=str(app),
            summary=str(summary),
            body=str(body),
            actions=[str(action) for action in actions],
        )
        return dbus.UInt32(number)

    @dbus.service.method(NAME, in_signature="u")
    def CloseNotification(self, number):
        self.NotificationClosed(number, dbus.UInt32(3))

    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return ["actions", "body"]

    @dbus.service.method(NAME, out_signature="ssss")
    def GetServerInformation(self):
        return ("recorder", "lingtai", "1", "1.2")

    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, number, action):
        pass

    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, number, reason):
        pass

    def obey(self, source, _condition):
        line = source.readline()
        if not line:
            return False
        order, number = line.split()
        number = dbus.UInt32(int(number))
        if order == "click":
            self.ActionInvoked(number, "default")
        self.NotificationClosed(number, dbus.UInt32(REASON_DISMISSED))
        return True


def main():
    DBusGMainLoop(set_as_default=True)
    service = Notifications(dbus.SessionBus())
    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, service.obey)
    say(event="ready")
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
