"""Papers: one description of a paper, printed as PDF, DOCX and XLSX alike.

``model`` says what stands on a paper, ``pdf``, ``docx`` and ``xlsx`` set it, ``half_year`` composes the half-year
report from the figures and the officer's words. Importing this package loads no printing library.
"""
