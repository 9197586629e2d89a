"""What holds for all tests."""

import signal

# A suite that a shell starts in the background inherits an ignored SIGINT, and so would every command it starts:
# then no test could interrupt one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
