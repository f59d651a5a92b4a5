"""The second engine: LibreOffice Calc runs the add-in's modules as Basic with VBA support.

``calc`` is what tests use, ``paper`` a workbook in it; ``runner`` lives in the system's Python, beside LibreOffice, and
hands ``stand_ins`` to the macros. The .bas files are loaded with the add-in's own modules; DhHost in place of that one.
"""
