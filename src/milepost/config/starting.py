"""Start a process: everything that it always needs is loaded in one go."""

import gc


def set_up() -> None:
    """Set Django up. What is loaded now stays for good, so nobody need look for rubbish in it, now or later."""
    import django

    gc.disable()
    try:
        django.setup()
    finally:
        gc.freeze()
        gc.enable()
