"""The web server: granian, told to stop in a way that cannot block."""

import threading

from granian.constants import Interfaces
from granian.server.mp import MPServer

__all__ = ["Interfaces", "WebServer"]


class WebServer(MPServer):
    """Granian sets an event in its signal handler; a second signal that arrives meanwhile would wait for ever for its lock."""

    def signal_handler_interrupt(self, *_: object) -> None:
        """Note the wish to stop, and wake the main loop from beside it."""
        if not self.interrupt_signal:
            self.interrupt_signal = True
            threading.Thread(target=self.main_loop_interrupt.set).start()
