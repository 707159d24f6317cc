"""What authors of contest kinds test their plugin with. Nothing of the program itself imports this package."""
