"""What is set for a contest, part by part."""
