"""What opens files that strangers sent: one module for each kind and act. Loaded by `files.sandbox.child` alone.

`look(stream)` says what a file is: `pages`, `seconds`, `width`, `height`, `findings`, or `refused` with the code of a
sentence. `copy(stream)` writes the copy for judges and its pictures into the folder it is started in, and lists them.
"""
