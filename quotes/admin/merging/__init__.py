"""Two records of one thing made one, and what was merged."""
