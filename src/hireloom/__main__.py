"""`python -m hireloom`: the command line."""

from hireloom.cli import main

main()
