"""The check of dossiers by the office, and the list of those that are eligible."""
