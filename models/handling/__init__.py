"""Handling an order: loading it, deciding by `models.orders`, storing what follows, telling those
who have to know."""
