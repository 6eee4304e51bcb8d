"""Reading résumés: from the bytes of a file to one JSON Resume document that says where each part stood.

Plain Python without Django: all of this runs in a child process with limits of its own (``sandbox``), since a file
from outside may be made to harm whoever opens it.
"""
