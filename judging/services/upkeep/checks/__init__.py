"""What must hold of everything that is stored, one module for each part of the product."""
