"""Score sheets from the first mark to the submitted version, on screens and on paper."""
