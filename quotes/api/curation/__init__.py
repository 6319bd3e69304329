"""What curators' programs read and write: the models behind the publication, drafts included, with a token.

Nothing of the public API imports this package, and it alone in the API knows the models (tests/test_layers.py).
"""
