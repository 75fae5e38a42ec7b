"""My desk: duties and what is done with them, teams, what is told to me."""
