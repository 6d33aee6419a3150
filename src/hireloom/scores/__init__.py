"""Scores of assessments on their way to where a recruiter looks for them."""
