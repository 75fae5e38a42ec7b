"""Insight: what orders amount to, read set-wise across the rooms. It changes nothing."""
