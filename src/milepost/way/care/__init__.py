"""Care: what customers ask, on whatever channel, and what they are answered, kept word for word and within its time."""
