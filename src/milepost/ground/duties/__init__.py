"""Whatever somebody must do by a time: one row with subject, owner, due time, warnings and level of escalation."""
