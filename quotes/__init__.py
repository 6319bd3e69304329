"""quotebase's one app: the model of attributed statements, the verbs that change it, and its faces."""
