"""The offline recount: a published bundle is checked from its files, a key and nothing else.

Of the package this imports only `judging.domain` and the errors that the domain is written with.
"""

from judging.verify.examination import Request, verify_bundle
from judging.verify.outcome import Outcome

__all__ = ["Outcome", "Request", "verify_bundle"]
