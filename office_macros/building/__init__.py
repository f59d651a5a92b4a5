"""What ``office_macros.build`` puts together: generated texts, the ribbon, a package always equal."""
