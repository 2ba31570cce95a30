"""Prints in one sentence why we cannot listen at HOST PORT, and exits 1; prints nothing when we can."""

import errno
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
REASONS = {
    errno.EADDRINUSE: f"Port {port} is busy: another program uses it. Stop it, or choose another: make run PORT=8001",
    errno.EACCES: f"Port {port} is reserved for the administrator. Choose another: make run PORT=8000",
    errno.EADDRNOTAVAIL: f"This machine has no address {host}. Use HOST=127.0.0.1, or 0.0.0.0 for all its addresses.",
}

try:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does; else a recent stop looks busy
        probe.bind(address)
except OSError as fault:
    print(REASONS.get(fault.errno or 0, f"Cannot listen at {host}, port {port}: {fault}"))
    sys.exit(1)
