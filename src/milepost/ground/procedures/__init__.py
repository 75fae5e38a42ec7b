"""How we work, as versioned documents that people edit, review and sign, and that the code reads."""
