"""Every name leads to this machine, in a process started with this folder on its path."""

import socket

socket.gethostbyname = lambda name: "127.0.0.1"
