"""What hangs on each judge: counted for whoever may see it, and put into plain values for programs."""
