"""Hireloom: one API over every applicant tracking system, on your own machine."""

__version__ = "0.1.0"
