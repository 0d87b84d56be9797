"""The calibration page: tables in, one HTML file out, which opens anywhere without a network."""
