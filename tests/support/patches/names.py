"""Every name leads to this machine, in a process whose PATCHED_BY names this module."""

import socket

socket.gethostbyname = lambda name: "127.0.0.1"
