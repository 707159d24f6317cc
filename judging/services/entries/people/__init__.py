"""The people around an entry: who must agree, who was asked, what each said, and how it is taken back."""
