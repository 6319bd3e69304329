"""The workbench: quotes marked in the text of an article."""
