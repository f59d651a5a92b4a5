"""Putting Deskhand where Excel and the logon find it, and taking exactly that back.

``surroundings`` looks at a machine, ``plan`` says as data what is to be done there, ``carry_out`` does it.
``windows`` is the one module that only Windows can import; all that is read from it and written goes through the small
``Registry`` of ``registry``.
"""
