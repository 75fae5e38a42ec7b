"""The portal: what a customer sees of an order behind its signed link, without name and address."""
