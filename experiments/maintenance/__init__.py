"""Maintenance: tables of documents, the site, notebooks and the archive."""
