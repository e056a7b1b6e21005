"""Reports and issued papers: composing, preview, files, figures and their records."""
