"""`hireloom demo`: a whole installation, three sandbox accounts, and what can be done with them."""

from hireloom.demo.play import run

__all__ = ["run"]
