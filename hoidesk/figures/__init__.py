"""Every number that is ever shown or printed: a named definition, a window, a value and the records behind it.

``catalogue`` says in words what each figure means; the subject files (``associations``, ``meetings`` …) say it as
SQLAlchemy Core expressions; ``evaluation`` asks a book and ``words`` writes the answer.
"""
