"""What the log keeps of an answer."""

import logging

from django.utils.log import CallbackFilter


def without_trace_of_refusals() -> logging.Filter:
    """A 403 is an ordinary answer: its line says where, without the way through the code."""
    return CallbackFilter(shorten)


def shorten(record: logging.LogRecord) -> bool:
    if getattr(record, "status_code", None) == 403:
        record.exc_info = record.exc_text = None
    return True
