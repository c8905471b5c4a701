"""States and kinds of campaigns, by noun."""
