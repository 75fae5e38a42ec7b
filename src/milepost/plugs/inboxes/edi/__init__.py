"""What documents that machines write for machines have in common: values, units, numbers of items, and the way into a draft."""
