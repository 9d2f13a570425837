"""Numbers from answers."""
