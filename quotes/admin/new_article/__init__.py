"""A new article, from an address or a pasted text."""
