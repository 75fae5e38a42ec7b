"""The programs behind every published figure. Each is run from a checkout: `python -m bench.NAME --help`."""
