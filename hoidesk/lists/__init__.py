"""The lists of the desk: which records of a subject, in which order, and their rows."""
