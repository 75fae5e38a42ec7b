"""A small map of an order's way, drawn here from files of ours: no tiles, nobody else is asked."""
