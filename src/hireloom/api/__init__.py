"""What can be asked: one module per noun; `operation.py` is how one is defined."""
