"""The archive of what is kept of one person: gathered, written as JSON, page and files, and gone after a day."""
