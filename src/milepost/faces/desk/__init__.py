"""The desk: where staff spend the day. Duties by urgency, orders with their whole story, imports, the mailbox."""
