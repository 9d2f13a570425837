"""Who and why."""
