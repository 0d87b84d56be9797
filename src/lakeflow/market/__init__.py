"""Order books, flow, grids and symbols, as arrays and expressions that know no lake."""
