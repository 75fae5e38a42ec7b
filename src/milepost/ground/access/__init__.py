"""Who may: staff and their roles, API keys with scopes, signed links, and calls that are carried out only once."""
