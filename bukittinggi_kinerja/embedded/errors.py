"""What can go wrong with the embedded servers, in words for the person at the terminal."""


class EmbeddedError(Exception):
    """A server cannot be started or reached; the text is one Indonesian sentence or two."""
