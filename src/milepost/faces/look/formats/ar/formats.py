"""Arabic: European digits and signs, as they stand on parcels, invoices and in our letters."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
