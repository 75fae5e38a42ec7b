"""The HTTP API: what shops, warehouses and carriers say to Milepost and read from it, as OpenAPI 3.1."""
