"""Signs the score logs' checkpoints, and remembers outside the database what it signed: a log may only grow."""

from judging.notary.growth import Growth
from judging.notary.keys import SEED_FILE, LogKeys
from judging.notary.notary import LogLost, Notary

__all__ = ["SEED_FILE", "Growth", "LogKeys", "LogLost", "Notary"]
