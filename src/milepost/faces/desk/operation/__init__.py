"""How the house itself does: health, subscriptions, the mailbox."""
