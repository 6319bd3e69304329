"""Articles as they are read: their text, their snapshots, and whether quotes still stand in them."""
