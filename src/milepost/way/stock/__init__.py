"""Stock: what lies where, what is tied to which order line, and what is short. Never oversold."""
