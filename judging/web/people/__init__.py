"""For whoever is asked about an entry: answering by a link, one's own consents, and the entry one takes part in."""

from judging.web.people import answer, my_consents, shared_entry
from judging.web.people.blueprint import blueprint

__all__ = ["answer", "blueprint", "my_consents", "shared_entry"]
