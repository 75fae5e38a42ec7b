"""What may be sent and what is answered, with exact bounds; these shapes are the OpenAPI document."""
