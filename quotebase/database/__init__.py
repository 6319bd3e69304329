"""The Django backend for PostgreSQL, whichever server it is."""
