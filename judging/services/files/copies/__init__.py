"""What is made of a file once it is kept: the copy that judges get, and the pictures that pages show."""
