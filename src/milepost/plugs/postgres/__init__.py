"""PostgreSQL where Milepost runs it itself: the embedded cluster, and clusters for tests."""
