"""Chinese expressions of time read against a base: relative days, lunar days, festivals, spans and blurred times.

`expression` is the way in. A cell that holds a plain calendar date is read by `services.text.dates`, not here.
"""

from services.text.timespans.expression import parse_time_expression
from services.text.timespans.model import PartialTime, TimeExpression

__all__ = ["PartialTime", "TimeExpression", "parse_time_expression"]
