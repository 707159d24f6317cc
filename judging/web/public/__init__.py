"""Pages that everyone may read."""

from judging.web.public import contest_pages, log_files, log_page, results, views
from judging.web.public.blueprint import blueprint

__all__ = ["blueprint", "contest_pages", "log_files", "log_page", "results", "views"]
