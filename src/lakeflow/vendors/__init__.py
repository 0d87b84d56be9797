"""What each vendor's bytes mean, and how to get them; one folder a vendor, and nothing here knows the lake."""
