"""How alike two works are: in their words, titles and pictures. Says what was found, never what it means."""
