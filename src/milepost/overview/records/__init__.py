"""Records: whether the books agree with each other. Retention, archive and erasure come with their own issue."""
