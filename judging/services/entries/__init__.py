"""Entries as their people make them: answers, people, files, links, receipts; what is asked of them; their end."""
