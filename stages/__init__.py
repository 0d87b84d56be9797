"""Plain functions, frames in, frames out, that make the lake's tables; datasets.yaml names them."""
