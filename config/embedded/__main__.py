"""`python -m config.embedded`: the process that stops the servers after their last user, however that one ended."""

import signal

from config import embedded

# It ends when its work is done; a terminal's Ctrl-C is meant for others.
for number in (signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
embedded.outlast()
