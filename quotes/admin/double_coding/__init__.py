"""The coder's desk, disagreements and adjudication."""
