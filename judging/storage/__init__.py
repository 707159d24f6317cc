"""Where the bytes of files lie: one port, a folder or an S3 bucket behind it."""

from judging.storage.address import open_store
from judging.storage.port import FileMissing, FileStore, StoredFile, TooLarge

__all__ = ["FileMissing", "FileStore", "StoredFile", "TooLarge", "open_store"]
