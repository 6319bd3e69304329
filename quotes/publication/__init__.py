"""The read side: what is published, projected into join-free rows that are all the public can reach.

`projection` makes the row of one quote, `refresh` keeps the rows true, `filters` asks them questions.
"""
