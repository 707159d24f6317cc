"""The entries of a contest on pages of its office: lists, dossiers, what is received, consents, removal."""
