"""What is fast here, and how fast, as ratios against a baseline in the same run. Nothing of this is a test."""
