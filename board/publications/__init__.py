"""Published information: the catalogue, its index, imports."""
