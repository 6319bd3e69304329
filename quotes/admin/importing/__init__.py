"""Files looked at and brought in, what became of them, taking them back, and whose words doubtful names have."""
