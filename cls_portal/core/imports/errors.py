"""The two ways in which something that comes in is not understood."""


class WorkbookError(Exception):
    """The file, or one of its sheets, cannot be read; the message is a French sentence for the person who sent it."""


class ValueProblem(Exception):  # noqa: N818 - a problem is shown to the person, not raised to the developer
    """A cell cannot be understood; the message is a French sentence."""
