"""What a file of the dossier really is: told by its content, then opened. Its name and its sender count for nothing."""

from judging.services.files.checks.checking import MEGABYTE, Checked, check_file
from judging.services.files.checks.kinds import EXTENSIONS, extensions_for, is_image
from judging.services.files.checks.names import safe_name

__all__ = ["EXTENSIONS", "MEGABYTE", "Checked", "check_file", "extensions_for", "is_image", "safe_name"]
