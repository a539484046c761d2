"""The companies a manufacturer knows: the list and its search, one company's page, what merging two would do."""
