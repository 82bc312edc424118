"""Stage 1, atomic aesthetic capability: single-clip concepts whose labels are known by construction.

Rendered scenes know what they were made of; an edit of a real clip knows only what the edit did.
"""
