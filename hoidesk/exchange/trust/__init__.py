"""Who may say what: keys, certificates, enrolment, new keys after a theft, the PCs of one unit."""

from __future__ import annotations
