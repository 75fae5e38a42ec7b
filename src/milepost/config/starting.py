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


def load_pages() -> None:
    """Load all that answers people and peers. It stays shared among the processes that part: the collector does not write to it."""
    from importlib import import_module

    import_module("milepost.config.wsgi")  # sets Django up, without which no address can be loaded
    import_module("milepost.config.urls")
    gc.collect()
    gc.freeze()
