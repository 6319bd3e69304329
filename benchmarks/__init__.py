"""How fast it is, beside what else one could have used: `make bench`. README.md has the results."""
