"""Near duplicates: entries are indexed when handed in, held against all others of the organisation, and told of."""
