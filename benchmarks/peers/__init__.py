"""What one could have used instead, each made as well as a skilled hand makes it, on tables tuned for the questions."""
