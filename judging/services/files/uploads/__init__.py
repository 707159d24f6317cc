"""Files that arrive in parts: begun, received, finished into the dossier, cancelled, swept away when abandoned."""
