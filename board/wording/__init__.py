"""Words: labels of enumerations, phrases, letters."""
