"""What can go wrong with a PostgreSQL of our own."""


class ClusterFailed(RuntimeError):
    """PostgreSQL could not be found, made, started or stopped; says why and, where it helps, what its log says."""
