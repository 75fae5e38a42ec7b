"""Cases: delays and exceptions, their cause, the new date, and how they ended."""
