"""Resumable uploads as HTTP has them: one exchange behind the address for programs and the one for browsers."""
