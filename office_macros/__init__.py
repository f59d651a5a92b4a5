"""The front end inside Office: VBA sources, the ribbon, the builder of the add-ins. Nothing here cleans."""
