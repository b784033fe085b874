"""French formats, where Django's own are not the typographers': narrow no-break space in thousands, « 14 h 30 »."""

THOUSAND_SEPARATOR = "\u202f"
NUMBER_GROUPING = 3
DECIMAL_SEPARATOR = ","
DATE_FORMAT = "j\u00a0F Y"
SHORT_DATE_FORMAT = "d/m/Y"
TIME_FORMAT = "G\u00a0\\h\u00a0i"
DATETIME_FORMAT = "j\u00a0F Y, G\u00a0\\h\u00a0i"
SHORT_DATETIME_FORMAT = "d/m/Y, G\u00a0\\h\u00a0i"
MONTH_DAY_FORMAT = "j\u00a0F"
