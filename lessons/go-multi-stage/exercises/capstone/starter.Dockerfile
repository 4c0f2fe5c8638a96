# From here on it is yours.
