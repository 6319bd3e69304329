#!/usr/bin/env python
"""The project's command line. Here a missing configuration means "a developer's machine"; wsgi.py assumes production."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotebase.settings")
    os.environ.setdefault("QUOTEBASE_MODE", "local")
    execute_from_command_line(sys.argv)
