"""What the silver tables of a simulated day must say, worked out by a book of its own that is as plain as can be."""
