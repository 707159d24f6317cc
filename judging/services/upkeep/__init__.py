"""Looking after an installation: first start, readiness, backup and restore, checks of what is stored."""
