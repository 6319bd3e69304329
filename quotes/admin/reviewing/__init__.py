"""What waits for whom, and the screen on which a quote is decided about."""
