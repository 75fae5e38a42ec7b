"""Procedures: seen, compared, written as forms, published."""
