"""Finding: what a list of the desk shows for what somebody typed and chose, with bounded work however much there is."""
