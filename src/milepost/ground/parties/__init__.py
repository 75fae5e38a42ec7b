"""The people and firms that we deal with: customers, suppliers and carriers."""
