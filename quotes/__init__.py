"""quotebase's one app: the model of attributed statements, the verbs that change it, and its faces."""

__version__ = "0.1.0"
