"""Words without business: acts, facts, refusals, transition tables, references, working time. Imports no Django."""
